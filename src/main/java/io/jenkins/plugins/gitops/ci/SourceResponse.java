package io.jenkins.plugins.gitops.ci;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The known check results of one commit from one source.
 *
 * @param results the newest result of each check; several of one name where several apps reported one
 * @param problem why no results are known, in a sentence; empty if the source has answered
 */
public record SourceResponse(List<CheckResult> results, Optional<String> problem) {

    public SourceResponse {
        results = List.copyOf(results);
    }

    /** Returns the response of a source that has answered. */
    public static SourceResponse of(List<CheckResult> results) {
        return new SourceResponse(results, Optional.empty());
    }

    /** Returns the response of a source that has answered and does not distinguish apps. */
    public static SourceResponse of(Collection<CheckStatus> statuses) {
        return of(statuses.stream()
                .map(status -> new CheckResult(status, CheckResult.NO_APP))
                .toList());
    }

    /** Returns the response of a source that has not answered, for the reason given in a sentence. */
    public static SourceResponse failed(String problem) {
        return new SourceResponse(List.of(), Optional.of(problem));
    }
}
