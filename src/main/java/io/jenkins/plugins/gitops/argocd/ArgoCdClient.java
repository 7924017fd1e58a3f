package io.jenkins.plugins.gitops.argocd;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.remote.ContentType;
import io.jenkins.plugins.gitops.remote.RemoteAddress;
import io.jenkins.plugins.gitops.remote.SecretLookup;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import io.jenkins.plugins.gitops.remote.StreamingBody;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A client of the REST API of an Argo CD server. A call holds a thread only while it fetches the token, which may block:
 * the response is read as it arrives. Calls fail with {@link ArgoCdUnavailable} only.
 */
public final class ArgoCdClient {

    private static final Duration LIST_DEADLINE = Duration.ofMinutes(2);

    /** Long, since Argo CD answers a refresh only when the refresh is done. */
    private static final Duration GET_DEADLINE = Duration.ofMinutes(1);

    private static final Duration TOKEN_DEADLINE = Duration.ofSeconds(30);

    private static final String JSON = "application/json";

    /** With this type Argo CD sends a comment every 15 seconds, which shows that the stream is alive. */
    private static final String EVENT_STREAM = "text/event-stream";

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");
    private static final String APPLICATIONS = "/api/v1/applications";
    private static final String STREAM = "/api/v1/stream/applications";

    /** Large fields that are not used here. Leaving fields out of a list would lose fields that are used. */
    private static final String LEFT_OUT_OF_EVENTS = "-result.application.metadata.managedFields,"
            + "result.application.status.history,"
            + "result.application.status.operationState.syncResult.resources";

    private final ArgoCdSettings settings;
    private final HttpClient client;
    private final TokenSource token;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final SecretLookup lookups;
    private final ArgoCdErrorTranslator failures;

    /** Provides the token of an Argo CD server. It is called before each request, and may block. */
    @FunctionalInterface
    public interface TokenSource {

        /**
         * Returns the present token.
         *
         * @throws ArgoCdUnavailable if there is no token, with a sentence that says what to do
         */
        String get() throws ArgoCdUnavailable;
    }

    /** Receives the events of a stream, on a thread of the HTTP client, which must not be blocked. */
    interface StreamListener {

        /** Something was received, for example a comment that keeps the connection alive. */
        void alive();

        /** An application was added or has changed. */
        void changed(VersionedApplication application);

        /** An application was deleted. */
        void deleted(VersionedApplication application);

        /** The stream has ended; no event follows. */
        void ended(ArgoCdUnavailable why);
    }

    /**
     * Creates a client of the server with these settings.
     *
     * @param client must not follow redirects, which would send the token to another server
     * @param pool fetches the token, which may block
     * @param clock the time for {@code Retry-After} if a response has no {@code Date}
     * @param timer cancels calls that are not answered in time
     * @throws IllegalArgumentException if the HTTP client follows redirects
     */
    public ArgoCdClient(
            ArgoCdSettings settings,
            HttpClient client,
            TokenSource token,
            Executor pool,
            Clock clock,
            ScheduledExecutorService timer) {
        if (client.followRedirects() != Redirect.NEVER) {
            throw new IllegalArgumentException("An HTTP client that follows redirects would give the token away.");
        }
        this.settings = settings;
        this.client = client;
        this.token = token;
        this.clock = clock;
        this.timer = timer;
        this.lookups = new SecretLookup(pool, timer, TOKEN_DEADLINE);
        this.failures = new ArgoCdErrorTranslator(settings);
    }

    /** Returns the settings of the server. */
    public ArgoCdSettings settings() {
        return settings;
    }

    /** Lists all applications, or those of the configured project. */
    public CompletableFuture<ApplicationListing> list() {
        return StreamingBody.within(
                        timer,
                        LIST_DEADLINE,
                        call(APPLICATIONS + query("projects", settings.project()), JSON, ApplicationListReader::new))
                .exceptionally(failure -> {
                    throw new CompletionException(failures.explain(failure));
                });
    }

    /**
     * Reads one application; empty if the project has none with this id that the token may see.
     *
     * @param project the project of the application; without it Argo CD would answer 403 for a missing application
     * @param refresh whether Argo CD compares the application with git again before it answers
     */
    public CompletableFuture<Optional<VersionedApplication>> get(ApplicationId id, String project, boolean refresh) {
        String path = APPLICATIONS + "/" + RemoteAddress.encoded(id.name())
                + query("appNamespace", id.namespace(), "project", project, "refresh", refresh ? "normal" : "");
        return StreamingBody.within(timer, GET_DEADLINE, call(path, JSON, ApplicationReader::new))
                .handle((observed, failure) -> {
                    if (failure == null) {
                        return Optional.of(observed);
                    }
                    if (Futures.cause(failure) instanceof ArgoCdHttpException refusal
                            && refusal.isOfArgoCd(HTTP_NOT_FOUND)) {
                        return Optional.empty();
                    }
                    throw new CompletionException(failures.explain(failure));
                });
    }

    /**
     * Starts a synchronisation of an application with its target revision; the future completes when the operation has
     * started. The token needs the right to {@code sync} the application.
     *
     * @param project the application's project
     */
    public CompletableFuture<VersionedApplication> sync(ApplicationId id, String project) {
        String body =
                Json.write(Json.object().put("appNamespace", id.namespace()).put("project", project));
        String path = APPLICATIONS + "/" + RemoteAddress.encoded(id.name()) + "/sync";
        return StreamingBody.within(
                        timer,
                        GET_DEADLINE,
                        call(
                                path,
                                JSON,
                                ApplicationReader::new,
                                request -> request.header("Content-Type", JSON)
                                        .POST(HttpRequest.BodyPublishers.ofString(body))))
                .exceptionally(failure -> {
                    throw new CompletionException(failures.explainSync(id, failure));
                });
    }

    /**
     * Opens a stream on which the server reports changes of applications, until it is closed by a side or by a proxy.
     *
     * @param resourceVersion the version of a list, after which changes are reported; if empty, all applications are
     *     reported first
     * @return the handle that closes the stream
     */
    Subscription stream(Optional<String> resourceVersion, StreamListener listener) {
        String path = STREAM
                + query(
                        "projects", settings.project(),
                        "resourceVersion", resourceVersion.orElse(""),
                        "fields", LEFT_OUT_OF_EVENTS);
        CompletableFuture<HttpResponse<Void>> answer =
                call(path, EVENT_STREAM, redaction -> new StreamFrameReader(listener, redaction));
        answer.whenComplete((response, failure) ->
                listener.ended(failure == null ? failures.streamEnded() : failures.explain(failure)));
        return () -> answer.cancel(true);
    }

    private <T> CompletableFuture<HttpResponse<T>> call(
            String path, String accepted, Function<SecretRedaction, StreamingBody.BodyReader<T>> reader) {
        return call(path, accepted, reader, UnaryOperator.identity());
    }

    private <T> CompletableFuture<HttpResponse<T>> call(
            String path,
            String accepted,
            Function<SecretRedaction, StreamingBody.BodyReader<T>> reader,
            UnaryOperator<HttpRequest.Builder> method) {
        return lookups.call(token::get, failures::noTokenInTime, given -> {
            String bearer = given.strip();
            if (!TOKEN.matcher(bearer).matches()) {
                return CompletableFuture.failedFuture(failures.unusableToken());
            }
            SecretRedaction redaction = failures.remember(bearer);
            HttpRequest request = method.apply(HttpRequest.newBuilder(URI.create(settings.url() + path)))
                    // Argo CD serves gRPC and this API on one port, and takes HTTP/2 for gRPC.
                    .version(Version.HTTP_1_1)
                    .header("Authorization", "Bearer " + bearer)
                    .header("Accept", accepted)
                    .build();
            return client.sendAsync(
                    request,
                    head -> new StreamingBody<>(
                            isSuccess(head) ? reader.apply(redaction) : new ErrorBodyReader<>(head, redaction, clock)));
        });
    }

    private static boolean isSuccess(ResponseInfo head) {
        return head.statusCode() == HTTP_OK && !ContentType.isWebPage(head.headers());
    }

    /** Returns a query of alternating names and values, without the names whose value is empty. */
    private static String query(String... namesAndValues) {
        var query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!namesAndValues[i + 1].isEmpty()) {
                query.add(namesAndValues[i] + "=" + RemoteAddress.encoded(namesAndValues[i + 1]));
            }
        }
        return query.toString();
    }
}
