package io.jenkins.plugins.gitops.gates;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.BoundedBody;
import io.jenkins.plugins.gitops.remote.ConnectionFailure;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import io.jenkins.plugins.gitops.waves.GateAnswer;
import io.jenkins.plugins.gitops.waves.GateQuestion;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;

/**
 * Asks other systems. Of an answer nothing is kept but whether it is the right one, its status, and the value that was
 * looked at: it is read up to a limit, no redirect is followed, and what takes too long is given up.
 */
final class GateClient {

    /** In bytes; more than a status has to say. */
    static final int MOST_BYTES = 64 << 10;

    private static final int LONGEST_VALUE = 100;
    private static final Pattern HEADER = Pattern.compile("[\\x21-\\x7e]+");
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private final HttpClient client;
    private final Clock clock;
    private final ScheduledExecutorService timer;

    /**
     * Creates a client.
     *
     * @param client must not follow redirects, which would send the secret to another server
     * @param timer cancels calls that are not answered in time
     */
    GateClient(HttpClient client, Clock clock, ScheduledExecutorService timer) {
        if (client.followRedirects() != Redirect.NEVER) {
            throw new IllegalArgumentException("An HTTP client that follows redirects would give secrets away.");
        }
        this.client = client;
        this.clock = clock;
        this.timer = timer;
    }

    /** Asks once; the answer says also that there was none. */
    CompletableFuture<GateAnswer> ask(GateQuestion question, Optional<String> secret) {
        if (secret.map(String::strip).filter(HEADER.asMatchPredicate().negate()).isPresent()) {
            return CompletableFuture.completedFuture(answer(
                    question,
                    false,
                    "cannot be asked: the secret behind its credentialsId is empty, or has characters that no header"
                            + " may have."));
        }
        SecretRedaction redaction = SecretRedaction.of(secret.map(List::of).orElse(List.of()));
        CompletableFuture<HttpResponse<byte[]>> response;
        try {
            response = client.sendAsync(request(question, secret), head -> BoundedBody.upTo(MOST_BYTES));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(
                    answer(question, false, "cannot be asked: its address is none once it is filled in."));
        }
        Futures.cancelAfter(DEADLINE, timer, response);
        return response.handle((answered, failure) -> failure == null
                ? judge(question, answered, redaction)
                : answer(question, false, redaction.redact(describe(failure))));
    }

    private static HttpRequest request(GateQuestion question, Optional<String> secret) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(question.url()))
                .version(Version.HTTP_1_1)
                .header("Accept", "application/json");
        secret.ifPresent(token -> request.header("Authorization", "Bearer " + token.strip()));
        Optional<String> body = question.body();
        return body.isEmpty()
                ? request.GET().build()
                : request.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.get()))
                        .build();
    }

    private GateAnswer judge(GateQuestion question, HttpResponse<byte[]> response, SecretRedaction redaction) {
        int status = response.statusCode();
        if (status < 200 || status > 299) {
            boolean redirect = status >= 300 && status < 400;
            return answer(
                    question,
                    false,
                    "answers with status " + status
                            + (redirect ? ": redirects are not followed, so give the address that it is at." : "."));
        }
        if (response.body().length > MOST_BYTES) {
            return answer(
                    question,
                    false,
                    "answers with more than " + (MOST_BYTES >> 10) + " KiB, of which nothing is read.");
        }
        JsonNode document;
        try {
            document = Json.parse(response.body());
        } catch (MalformedJsonException e) {
            return answer(
                    question, false, "answers with status " + status + ", and with a body that is not valid JSON.");
        }
        JsonNode found = document.at(JsonPointer.compile(question.rule().pointer()));
        if (!found.isValueNode()) {
            return answer(question, false, "has nothing at " + question.rule().pointer() + ".");
        }
        boolean yes = found.asText().equals(question.rule().value());
        String value = redaction.redact(SingleLine.of(redaction.redact(found.asText()), LONGEST_VALUE));
        return answer(
                question, yes, "says \"" + value + "\" at " + question.rule().pointer() + ".");
    }

    private GateAnswer answer(GateQuestion question, boolean yes, String seen) {
        Instant next = clock.instant().plus(question.rule().every());
        return new GateAnswer(yes, seen, next);
    }

    private static String describe(Throwable failure) {
        return ConnectionFailure.describe(failure, "the address of the gate").orElse("did not answer in time.");
    }
}
