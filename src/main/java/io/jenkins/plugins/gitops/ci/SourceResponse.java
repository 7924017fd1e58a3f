package io.jenkins.plugins.gitops.ci;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The known check results of one commit from one source.
 *
 * @param results the newest result of each check; several of one name where several apps reported one
 * @param unread why some of the results could not be read, in sentences, although the source has answered
 * @param problem why no results are known, in a sentence; empty if the source has answered
 */
public record SourceResponse(List<CheckResult> results, List<String> unread, Optional<String> problem) {

    public SourceResponse {
        results = List.copyOf(results);
        unread = List.copyOf(unread);
    }

    /** Returns the response of a source that has answered. */
    public static SourceResponse of(List<CheckResult> results) {
        return of(results, List.of());
    }

    /** Returns the response of a source that has answered, but for the parts that the sentences name. */
    public static SourceResponse of(List<CheckResult> results, List<String> unread) {
        return new SourceResponse(results, unread, Optional.empty());
    }

    /** Returns the response of a source that has answered and does not distinguish apps. */
    public static SourceResponse of(Collection<CheckStatus> statuses) {
        return of(statuses.stream()
                .map(status -> new CheckResult(status, CheckResult.NO_APP))
                .toList());
    }

    /** Returns the response of a source that has not answered, for the reason given in a sentence. */
    public static SourceResponse failed(String problem) {
        return new SourceResponse(List.of(), List.of(), Optional.of(problem));
    }
}
