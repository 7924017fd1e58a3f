package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Util;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.UsableName;
import io.jenkins.plugins.gitops.remote.AddressForm;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Rules for single fields of the configuration. Each answers with what is wrong and what to do, as the end of a
 * sentence that begins with the name of the field; empty if the value can be used.
 */
@Restricted(NoExternalUse.class)
public final class FieldRules {

    /** Characters, of a text that becomes part of a line. */
    private static final int LONGEST = 200;

    private static final Pattern FULL_NAME = Pattern.compile("[^/]++(?:/[^/]++)*+");

    private FieldRules() {}

    /** A sentence without control characters, in which very long words are cut. */
    public static String readable(@Nullable String sentence) {
        String printable = Util.fixNull(sentence).replaceAll("\\p{Cntrl}", "?");
        return printable.replaceAll("([^\\s\"]{" + LONGEST + "})[^\\s\"]+", "$1...");
    }

    /** A value without the blanks around it, or another one if nothing is left. */
    public static String orDefault(@Nullable String value, String otherwise) {
        String trimmed = Util.fixEmptyAndTrim(value);
        return trimmed == null ? otherwise : trimmed;
    }

    /** The name of a repository or a wave. */
    public static Optional<String> name(@Nullable String name) {
        if (name == null) {
            return Optional.of("is missing; give the repository the name by which Jenkinsfiles call it.");
        }
        return UsableName.problem(name).map(problem -> "\"" + name + "\" " + problem + ".");
    }

    /**
     * A text that becomes part of a line of a commit object, such as its author or its subject.
     *
     * @param forbidden characters that git does not take there, besides control characters
     */
    public static Optional<String> lineOfCommit(String text, String forbidden) {
        if (text.length() > LONGEST) {
            return Optional.of("is longer than " + LONGEST + " characters; shorten it.");
        }
        boolean bad = text.chars().anyMatch(c -> Character.isISOControl(c) || forbidden.indexOf(c) >= 0);
        return bad
                ? Optional.of("has a line break or another control character"
                        + (forbidden.isEmpty() ? "" : ", or one of " + forbidden) + "; take it out.")
                : Optional.empty();
    }

    /** The name of a required check. */
    public static Optional<String> checkName(String name) {
        return name.equals(OutgoingStatus.CONTEXT)
                ? Optional.of("is what this plugin reports itself; name a check of your CI.")
                : lineOfCommit(name, "");
    }

    /** The full name of a job or folder, or nothing. */
    public static Optional<String> fullName(@Nullable String name) {
        if (name == null || FULL_NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return Optional.of("\"" + name + "\" is not a full name: write one slash between folders and none at the ends,"
                + " such as acme/app.");
    }

    /**
     * Reads the full name of a job that may be missing.
     *
     * @throws IllegalArgumentException with a sentence that begins with the field
     */
    public static Optional<String> fullName(String field, @Nullable String name) {
        fullName(name).ifPresent(problem -> {
            throw new IllegalArgumentException(field + ": " + problem);
        });
        return Optional.ofNullable(name);
    }

    /** A duration, or nothing. */
    public static Optional<String> duration(@Nullable String text) {
        String given = Util.fixEmptyAndTrim(text);
        if (given == null) {
            return Optional.empty();
        }
        try {
            Durations.parse(given);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("cannot be used: " + e.getMessage());
        }
    }

    /**
     * Reads a duration that has to be there.
     *
     * @throws IllegalArgumentException with a sentence that begins with the field
     */
    public static Duration duration(String field, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
        }
    }

    /** A template of the address of a commit, or nothing. */
    public static Optional<String> commitLink(@Nullable String template) {
        return link(template, "https://git.example.com/acme/app/commit/{sha}", Map.of("{sha}", "the commit"));
    }

    /** A template of the address of a comparison of two commits, or nothing. */
    public static Optional<String> compareLink(@Nullable String template) {
        return link(
                template,
                "https://git.example.com/acme/app/compare/{from}...{to}",
                Map.of("{from}", "the earlier commit", "{to}", "the later commit"));
    }

    private static Optional<String> link(@Nullable String template, String example, Map<String, String> places) {
        if (template == null) {
            return Optional.empty();
        }
        if (!template.startsWith("https://") && !template.startsWith("http://")) {
            return Optional.of("has to begin with https:// or http://.");
        }
        String address = template;
        for (Map.Entry<String, String> place : new TreeMap<>(places).entrySet()) {
            if (!template.contains(place.getKey())) {
                return Optional.of("has to contain " + place.getKey() + " where " + place.getValue() + " goes.");
            }
            address = address.replace(place.getKey(), "0");
        }
        return AddressForm.webPage(address).isPresent()
                ? Optional.empty()
                : Optional.of("is not the address of a web page, or has a user or password in it; it should look like "
                        + example + ".");
    }
}
