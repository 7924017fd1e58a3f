package io.jenkins.plugins.gitops.registry;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.RegistryUnavailable;
import io.jenkins.plugins.gitops.remote.BoundedBody;
import io.jenkins.plugins.gitops.remote.ConcurrencyLimiter;
import io.jenkins.plugins.gitops.remote.ConnectionFailure;
import io.jenkins.plugins.gitops.remote.RetryAfter;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;

/** Sends requests without holding a thread, and retries failures that may pass: no connection, 429, 500, 502 to 504. */
final class RetryingClient {

    /** In bytes; the largest manifest that the distribution specification requires registries to accept. */
    static final int MOST_BYTES = 4 << 20;

    private static final int TRIES = 5;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Set<Integer> RETRYABLE = Set.of(TOO_MANY_REQUESTS, 500, 502, 503, 504);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** A request is not repeated if the registry asks not to be called for longer than this. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final HttpClient client;
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final RetryPolicy<RegistryResponse> retryPolicy;

    RetryingClient(HttpClient client, ScheduledExecutorService timer, Clock clock) {
        if (client.followRedirects() != Redirect.NEVER) {
            throw new IllegalArgumentException("An HTTP client that follows redirects would give credentials away.");
        }
        this.client = client;
        this.timer = timer;
        this.clock = clock;
        this.retryPolicy = RetryPolicy.<RegistryResponse>builder()
                .handleIf(failure -> failure instanceof RegistryUnavailable unavailable && isWorthWaiting(unavailable))
                .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 3)
                .withDelayFnOn(
                        tried -> delayOf(tried.<RegistryUnavailable>getLastException()), RegistryUnavailable.class)
                .withMaxRetries(TRIES - 1)
                .build();
    }

    /** Returns the delay that the registry asked for; if it asked for none, -1, for which Failsafe uses the backoff. */
    private static Duration delayOf(RegistryUnavailable unavailable) {
        return unavailable.retryAfter().orElse(Duration.ofNanos(-1));
    }

    private static boolean isWorthWaiting(RegistryUnavailable unavailable) {
        return unavailable
                .retryAfter()
                .filter(wanted -> wanted.compareTo(LONGEST_WAIT) > 0)
                .isEmpty();
    }

    /**
     * Sends a request; fails with {@link RegistryUnavailable} if the last attempt is not answered.
     *
     * @param subject names the server at the beginning of an error message: {@code The registry docker.example.com}
     * @param turns limits the requests at a time
     * @param redaction removes the secrets that the server knows from what it answers
     */
    CompletableFuture<RegistryResponse> send(
            String subject, ConcurrencyLimiter turns, HttpRequest.Builder request, SecretRedaction redaction) {
        // Some registries fail on the upgrade to HTTP/2 that an unencrypted connection begins with.
        HttpRequest made = request.build();
        HttpRequest sent = "http".equals(made.uri().getScheme())
                ? request.version(Version.HTTP_1_1).build()
                : made;
        return Failsafe.with(retryPolicy)
                .with(timer)
                .getStageAsync(() -> turns.take(() -> sendOnce(subject, sent, redaction)));
    }

    private CompletableFuture<RegistryResponse> sendOnce(
            String subject, HttpRequest request, SecretRedaction redaction) {
        CompletableFuture<HttpResponse<byte[]>> response =
                client.sendAsync(request, head -> BoundedBody.upTo(MOST_BYTES));
        Futures.cancelAfter(DEADLINE, timer, response);
        return response.handle((answered, failure) -> {
            if (failure != null) {
                throw new CompletionException(new RegistryUnavailable(
                        subject + " " + redaction.redact(describe(failure)), null, redaction.redact(failure)));
            }
            var answer = new RegistryResponse(answered.statusCode(), answered.headers(), answered.body())
                    .redacted(redaction);
            if (RETRYABLE.contains(answer.status())) {
                throw new CompletionException(unavailable(subject, answer));
            }
            return answer;
        });
    }

    private RegistryUnavailable unavailable(String subject, RegistryResponse answer) {
        Optional<Duration> wanted = RetryAfter.of(answer.headers(), clock.instant());
        String after = wanted.map(time -> " and wants to be left alone for " + time.toSeconds() + " s")
                .orElse(" after " + TRIES + " tries");
        return new RegistryUnavailable(
                subject
                        + (answer.status() == TOO_MANY_REQUESTS
                                ? " still gets too many requests (429)" + after
                                        + ": run fewer builds at once, or ask it with credentials that may do more."
                                : " still fails with status " + answer.reason() + after
                                        + ": look at its log, or run the build again later."),
                wanted.orElse(null),
                null);
    }

    private static String describe(Throwable failure) {
        return ConnectionFailure.describe(failure, "the name of the image")
                .orElseGet(() ->
                        "cannot be asked: " + Futures.cause(failure).getClass().getSimpleName() + ".");
    }
}
