package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.matching.WildcardMatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    /** Whether a job is allowed where the patterns, if there are any, name the jobs that are. */
    public static boolean allow(List<String> patterns, String jobFullName) {
        return patterns.isEmpty() || anyMatches(patterns, jobFullName);
    }

    /** Checks that each of the patterns, one a line, can cover a job. */
    public static FormValidation check(@CheckForNull String text) {
        return FormAccess.check(() -> lines(Collections.singletonList(Util.fixNull(text))).stream()
                .filter(pattern -> pattern.startsWith("/") || pattern.endsWith("/") || pattern.contains("//"))
                .findFirst()
                .map(pattern ->
                        "\"" + pattern + "\" covers no job: write full names with one slash between folders and "
                                + "none at the ends, such as acme/app or acme/**."));
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
