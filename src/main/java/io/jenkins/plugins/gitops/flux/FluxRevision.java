package io.jenkins.plugins.gitops.flux;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A revision as Flux writes it. */
final class FluxRevision {

    /** {@code main@sha1:<commit>}, {@code sha1:<commit>}, or {@code main/<commit>} of Flux before version 2.0. */
    private static final Pattern FORM =
            Pattern.compile("(?:.*@)?sha(?:1|256):([0-9a-f]{40}|[0-9a-f]{64})|.*/([0-9a-f]{40})");

    private FluxRevision() {}

    /** Returns the commit of a revision; empty for that of another kind of source, such as {@code 1.2.3}. */
    static Optional<String> commit(String revision) {
        Matcher form = FORM.matcher(revision);
        return form.matches() ? Optional.of(form.group(1) == null ? form.group(2) : form.group(1)) : Optional.empty();
    }
}
