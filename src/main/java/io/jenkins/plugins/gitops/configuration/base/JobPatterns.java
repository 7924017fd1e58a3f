package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.matching.WildcardMatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Ant-style patterns on the full name of a job: {@code *} and {@code ?} stay within one folder, {@code **} stands for
 * any number of folders.
 */
@Restricted(NoExternalUse.class)
public final class JobPatterns {

    private JobPatterns() {}

    /** Whether one of the patterns covers the job; no pattern covers none. */
    public static boolean anyMatches(List<String> patterns, String jobFullName) {
        return patterns.stream().anyMatch(pattern -> WildcardMatch.ofPath(pattern, jobFullName));
    }

    /** Checks that each of the patterns, one a line, can cover a job. */
    public static FormValidation check(@CheckForNull String text) {
        return FormAccess.check(() -> problem(split(text)));
    }

    /** Like {@link #check}, for the jobs that may report a check, with a warning of patterns that name no branch. */
    public static FormValidation checkReporters(@CheckForNull String text) {
        FormValidation checked = check(text);
        Optional<String> warning = FormAccess.mayConfigure() ? reportersWarning(split(text)) : Optional.empty();
        return checked.kind == FormValidation.Kind.OK && warning.isPresent()
                ? FormAccess.warning(warning.get())
                : checked;
    }

    /** A sentence if one of the patterns covers every branch, and pull requests, whose jobs report nothing. */
    public static Optional<String> reportersWarning(List<String> patterns) {
        return patterns.stream()
                .filter(PullRequestJobs::areCoveredBy)
                .findFirst()
                .map(pattern -> "The pattern \"" + SingleLine.excerpt(pattern)
                        + "\" of reporters names no branch: it covers the jobs of all branches and of pull "
                        + "requests. Those of pull requests report nothing in spite of it; name jobs or "
                        + "branches, such as acme/cfg-app-ci, acme/cfg-app/main or acme/cfg-app/auto*.");
    }

    private static List<String> split(@CheckForNull String text) {
        return lines(Collections.singletonList(Util.fixNull(text)));
    }

    /** A sentence if one of the patterns can cover no job. */
    public static Optional<String> problem(List<String> patterns) {
        return patterns.stream()
                .filter(pattern -> pattern.startsWith("/") || pattern.endsWith("/") || pattern.contains("//"))
                .findFirst()
                .map(pattern ->
                        "\"" + pattern + "\" covers no job: write full names with one slash between folders and "
                                + "none at the ends, such as acme/app or acme/**.");
    }

    /**
     * Patterns without blanks, from YAML, which has a list, or from a form, which has a text with one pattern a line as
     * the only element of the list.
     */
    public static List<String> lines(@CheckForNull List<String> given) {
        List<String> lines = new ArrayList<>();
        for (String element : Util.fixNull(given)) {
            element.lines().map(String::trim).filter(line -> !line.isEmpty()).forEach(lines::add);
        }
        return lines;
    }
}
