package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Collection;
import java.util.List;

/**
 * What is known from one source of one commit.
 *
 * @param said the latest of each check; several of one name where several apps said something
 * @param unheard why nothing is known, in a sentence, or null if the source has been asked and said this
 */
public record SourceResponse(List<CheckResult> said, @CheckForNull String unheard) {

    public SourceResponse(List<CheckResult> said, @Nullable String unheard) {
        this.said = List.copyOf(said);
        this.unheard = unheard;
    }

    /** A source has answered. */
    public static SourceResponse of(List<CheckResult> said) {
        return new SourceResponse(said, null);
    }

    /** A source that knows no apps has answered. */
    public static SourceResponse of(Collection<CheckStatus> statuses) {
        return of(statuses.stream().map(status -> new CheckResult(status, CheckResult.NO_APP)).toList());
    }

    /** A source has not answered, for this reason. */
    public static SourceResponse unheard(String why) {
        return new SourceResponse(List.of(), why);
    }
}
