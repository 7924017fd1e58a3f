package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Submits a request to the present driver of a repository, and to the next one if that driver is replaced before it
 * answers.
 *
 * @param <T> the type of the answer
 */
final class RequestRelay<T> {

    private static final Logger LOGGER = Logger.getLogger(RequestRelay.class.getName());

    private final DriverRegistry registry;
    private final String repository;
    private final DriverRequest<T> request;
    private final RequestWithdrawal withdrawal;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    RequestRelay(DriverRegistry registry, String repository, DriverRequest<T> request, RequestWithdrawal withdrawal) {
        this.registry = registry;
        this.repository = repository;
        this.request = request;
        this.withdrawal = withdrawal;
    }

    /**
     * Submits the request; the future completes on a thread for callbacks, so that its listeners do not delay the
     * driver.
     */
    CompletableFuture<T> submit() {
        DriverLoop driver;
        try {
            driver = registry.driver(repository);
        } catch (IllegalArgumentException e) {
            if (!registry.isStopped()) {
                answer.completeExceptionally(e);
            }
            return answer;
        }
        driver.submit(request, withdrawal)
                .whenCompleteAsync(
                        (result, failure) -> answered(driver, result, failure),
                        registry.executors().callbacks());
        return answer;
    }

    private void answered(DriverLoop driver, @Nullable T result, @Nullable Throwable failure) {
        if (failure == null) {
            answer.complete(result);
        } else if (registry.isStopped()) {
            // The step submits the request again when it is resumed; a failure now would fail the build because of a
            // restart.
            LOGGER.log(Level.FINE, "Unanswered because Jenkins stops", failure);
        } else if (registry.isReplaced(repository, driver)) {
            submit();
        } else {
            answer.completeExceptionally(Futures.cause(failure));
        }
    }
}
