package io.jenkins.plugins.gitops.argocd;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;

import io.jenkins.plugins.gitops.argocd.Application.Id;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.common.Following;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Asks an Argo CD server, by its REST API. A call asks for the token on the caller's thread, which may take its time,
 * and then holds no thread: its answer is read as it arrives. It fails with {@link ArgoCdUnavailable} and nothing else.
 */
public final class ArgoCdClient {

    private static final Duration LIST_DEADLINE = Duration.ofMinutes(2);

    /** Argo CD answers a refresh when it is done. */
    private static final Duration GET_DEADLINE = Duration.ofMinutes(1);

    private static final String JSON = "application/json";

    /** Has Argo CD say every 15 seconds that the stream stands. */
    private static final String EVENT_STREAM = "text/event-stream";

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");
    private static final String APPLICATIONS = "/api/v1/applications";
    private static final String STREAM = "/api/v1/stream/applications";

    /** What makes events large and tells nothing here. A list cannot be cut down so: it would lose what is needed. */
    private static final String LEFT_OUT_OF_EVENTS = "-result.application.metadata.managedFields,"
            + "result.application.status.history,result.application.status.resources,"
            + "result.application.status.operationState.syncResult.resources";

    private final ArgoCdSettings settings;
    private final HttpClient client;
    private final ArgoCdToken token;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final ArgoCdErrorTranslator failures;

    /** What is heard on a stream; on a thread of the HTTP client, that should not be held. */
    interface Events {

        /** Something came, if only a sign of life. */
        void alive();

        void changed(VersionedApplication application);

        void deleted(VersionedApplication application);

        /** Nothing more comes. */
        void ended(ArgoCdUnavailable why);
    }

    /**
     * Makes a server of its settings.
     *
     * @param client must not follow redirects, which would take the token elsewhere
     * @param timer gives up on calls that are not answered
     */
    public ArgoCdClient(
            ArgoCdSettings settings,
            HttpClient client,
            ArgoCdToken token,
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
        this.failures = new ArgoCdErrorTranslator(settings);
    }

    /** What is asked. */
    public ArgoCdSettings settings() {
        return settings;
    }

    /** All applications, or those of the configured project. */
    public CompletableFuture<ApplicationListing> list() {
        return within(LIST_DEADLINE, call(APPLICATIONS + query("projects", settings.project()), JSON, ApplicationListReader::new))
                .exceptionally(failure -> {
                    throw new CompletionException(failures.explain(failure));
                });
    }

    /**
     * One application, or nothing if there is none of that name, in that project, that the token may see.
     *
     * @param project the application's project, without which Argo CD refuses to say that there is none
     * @param refresh whether Argo CD compares it with git again before it answers
     */
    public CompletableFuture<Optional<VersionedApplication>> get(Id id, String project, boolean refresh) {
        String path = APPLICATIONS + "/" + encoded(id.name())
                + query("appNamespace", id.namespace(), "project", project, "refresh", refresh ? "normal" : "");
        return within(GET_DEADLINE, call(path, JSON, ApplicationReader::new)).handle((observed, failure) -> {
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
     * Asks for an application to be synchronised with what it follows; the answer comes when that has been begun. The
     * token needs the right to {@code sync} it.
     *
     * @param project the application's project
     */
    public CompletableFuture<VersionedApplication> sync(Id id, String project) {
        String body =
                Json.write(Json.object().put("appNamespace", id.namespace()).put("project", project));
        String path = APPLICATIONS + "/" + encoded(id.name()) + "/sync";
        return within(
                        GET_DEADLINE,
                        call(
                                path,
                                JSON,
                                ApplicationReader::new,
                                request -> request.header("Content-Type", JSON)
                                        .POST(HttpRequest.BodyPublishers.ofString(body))))
                .exceptionally(failure -> {
                    throw new CompletionException(failures.explain(failure));
                });
    }

    /**
     * Follows what changes, for as long as the server and everything on the way there lets it.
     *
     * @param resourceVersion of a list, after which changes are told; if it is empty, all applications are told first
     * @return ends it
     */
    Following stream(String resourceVersion, Events events) {
        String path = STREAM
                + query(
                        "projects", settings.project(),
                        "resourceVersion", resourceVersion,
                        "fields", LEFT_OUT_OF_EVENTS);
        CompletableFuture<HttpResponse<Void>> answer = call(path, EVENT_STREAM, () -> new StreamFrameReader(events));
        answer.whenComplete((response, failure) ->
                events.ended(failure == null ? failures.streamEnded() : failures.explain(failure)));
        return () -> answer.cancel(true);
    }

    private <T> CompletableFuture<HttpResponse<T>> call(
            String path, String accepted, Supplier<StreamingBody.Reader<T>> reader) {
        return call(path, accepted, reader, UnaryOperator.identity());
    }

    private <T> CompletableFuture<HttpResponse<T>> call(
            String path,
            String accepted,
            Supplier<StreamingBody.Reader<T>> reader,
            UnaryOperator<HttpRequest.Builder> method) {
        try {
            String bearer = token.get().strip();
            if (!TOKEN.matcher(bearer).matches()) {
                throw failures.unusableToken();
            }
            HttpRequest request = method.apply(HttpRequest.newBuilder(URI.create(settings.url() + path)))
                    // What Argo CD's port answers besides gRPC, which has HTTP/2 for itself.
                    .version(Version.HTTP_1_1)
                    .header("Authorization", "Bearer " + bearer)
                    .header("Accept", accepted)
                    .build();
            return client.sendAsync(
                    request,
                    head -> new StreamingBody<>(
                            isAnswer(head) ? reader.get() : new ErrorBodyReader<>(head, bearer, clock)));
        } catch (ArgoCdUnavailable | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static boolean isAnswer(ResponseInfo head) {
        String type = head.headers().firstValue("Content-Type").orElse("");
        return head.statusCode() == HTTP_OK && !type.startsWith("text/html");
    }

    /** The body of an answer, if all of it comes in time. */
    private <T> CompletableFuture<T> within(Duration deadline, CompletableFuture<HttpResponse<T>> answer) {
        Runnable giveUp = () -> answer.cancel(true);
        Future<?> end = timer.schedule(giveUp, deadline.toMillis(), TimeUnit.MILLISECONDS);
        return answer.whenComplete((response, failure) -> end.cancel(false)).thenApply(HttpResponse::body);
    }

    /** A query of names and values in turn, without those that have no value. */
    private static String query(String... namesAndValues) {
        var query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!namesAndValues[i + 1].isEmpty()) {
                query.add(namesAndValues[i] + "=" + encoded(namesAndValues[i + 1]));
            }
        }
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
