package io.jenkins.plugins.gitops.ci.forges;

import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.common.Futures;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * One of the lists of check results that a forge has. Each needs a right of its own, so that one that is refused does not
 * make the others useless.
 *
 * @param refusal why the list could not be read; empty if it could
 */
record ListedResults(List<CheckResult> results, Optional<ForgeUnavailable> refusal) {

    /** Reads a list; a failure that is no refusal stays one. */
    static CompletableFuture<ListedResults> of(CompletableFuture<List<CheckResult>> list) {
        return list.handle((results, failure) -> {
            if (failure == null) {
                return new ListedResults(results, Optional.empty());
            }
            if (Futures.cause(failure) instanceof ForgeUnavailable refusal && refusal.isRefused()) {
                return new ListedResults(List.of(), Optional.of(refusal));
            }
            throw new CompletionException(Futures.cause(failure));
        });
    }

    /** Returns why the list could not be read, in a sentence. */
    List<String> unread() {
        return refusal.map(ForgeUnavailable::getMessage).stream().toList();
    }

    /** Fails with the refusal if both of two lists are refused: then nothing was read. */
    void requireOneOf(ListedResults other) {
        if (refusal.isPresent() && other.refusal.isPresent() && other.results.isEmpty()) {
            throw new CompletionException(refusal.get());
        }
    }
}
