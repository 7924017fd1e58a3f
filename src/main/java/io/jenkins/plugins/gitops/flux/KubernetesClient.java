package io.jenkins.plugins.gitops.flux;

import static java.net.HttpURLConnection.HTTP_GONE;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxId;
import io.jenkins.plugins.gitops.remote.ContentType;
import io.jenkins.plugins.gitops.remote.RemoteAddress;
import io.jenkins.plugins.gitops.remote.RetryAfter;
import io.jenkins.plugins.gitops.remote.SecretLookup;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import io.jenkins.plugins.gitops.remote.StreamingBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A client of the API server of a cluster, for objects of Flux. A call holds a thread only while it fetches the login,
 * which may block. Calls fail with {@link ClusterUnavailable} only.
 */
public final class KubernetesClient {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration LOGIN_DEADLINE = Duration.ofSeconds(30);

    /** A server ends a watch after this time; a connection that was cut off unnoticed is given up a minute later. */
    private static final Duration WATCH = Duration.ofMinutes(4);

    /** The number of objects on a page, as kubectl asks for them. */
    private static final int PAGE = 500;

    private static final int MOST_PAGES = 100;

    /** The number of objects of one kind that are kept. */
    static final int MOST_OBJECTS = PAGE * MOST_PAGES;

    private static final int MAX_PAGE_BYTES = 64 << 20;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=:-]+");

    /** The annotation with which Flux is asked to reconcile an object at once. */
    private static final String REQUESTED = "reconcile.fluxcd.io/requestedAt";

    private final ClusterSettings settings;
    private final Supplier<HttpClient.Builder> http;
    private final LoginSource logins;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final SecretLookup lookups;
    private final ClusterErrorTranslator failures;

    /** The client that was opened last, for the certificates of its connections; guarded by this. */
    @CheckForNull
    private OpenClient open;

    private record OpenClient(ClusterTls tls, HttpClient client) {}

    /** Provides the login of a cluster. It is called before each request, and may block. */
    @FunctionalInterface
    public interface LoginSource {

        /**
         * Returns the present login.
         *
         * @throws ClusterUnavailable if there is none, with a sentence that says what to do
         */
        ClusterLogin get() throws ClusterUnavailable;
    }

    /** Receives the events of a watch, on a thread of the HTTP client, which must not be blocked. */
    interface WatchListener {

        /** An object was added or has changed. */
        void changed(FluxObject object, String resourceVersion);

        /** An object was deleted. */
        void deleted(FluxId id, String resourceVersion);

        /** All changes up to a version were reported. */
        void reached(String resourceVersion);

        /** The watch has ended as it should; no event follows. */
        void ended();

        /** The versions after which the watch was to report are forgotten, so that the objects have to be listed. */
        void expired();

        /** The watch has failed; no event follows. */
        void failed(ClusterUnavailable why);
    }

    /**
     * All objects of a kind.
     *
     * @param resourceVersion the version after which a watch reports changes; empty where the cluster does not know the
     *     kind
     */
    record Listing(List<FluxObject> objects, String resourceVersion) {

        boolean isKnownKind() {
            return !resourceVersion.isEmpty();
        }

        Listing and(Listing later) {
            return new Listing(
                    Stream.concat(objects.stream(), later.objects.stream()).toList(), resourceVersion);
        }
    }

    private record ListPage(Listing listing, String next) {}

    /**
     * Creates a client of the cluster with these settings.
     *
     * @param http makes HTTP clients, one for each set of certificates
     * @param pool fetches the login, which may block
     * @param timer cancels calls that are not answered in time
     */
    public KubernetesClient(
            ClusterSettings settings,
            Supplier<HttpClient.Builder> http,
            LoginSource logins,
            Executor pool,
            Clock clock,
            ScheduledExecutorService timer) {
        this.settings = settings;
        this.http = http;
        this.logins = logins;
        this.clock = clock;
        this.timer = timer;
        this.lookups = new SecretLookup(pool, timer, LOGIN_DEADLINE);
        this.failures = new ClusterErrorTranslator(settings);
    }

    /** Returns the settings of the cluster. */
    public ClusterSettings settings() {
        return settings;
    }

    /** Lists all objects of a kind; none of one that is optional and that the cluster does not know. */
    CompletableFuture<Listing> list(FluxKind kind) {
        return list(kind, "", Optional.empty(), 1).exceptionally(failure -> {
            if (kind.isOptional()
                    && Futures.cause(failure) instanceof KubernetesHttpException refusal
                    && refusal.status() == HTTP_NOT_FOUND) {
                return new Listing(List.of(), "");
            }
            throw new CompletionException(failures.explain(kind, failure));
        });
    }

    /**
     * Reads the pages that are left.
     *
     * @param before the pages so far; the version is that of the first, so that no change between two pages is missed
     */
    private CompletableFuture<Listing> list(FluxKind kind, String next, Optional<Listing> before, int number) {
        String path = kind.path(settings.namespace()) + "?limit=" + PAGE
                + (next.isEmpty() ? "" : "&continue=" + RemoteAddress.encoded(next));
        return StreamingBody.within(
                        timer,
                        DEADLINE,
                        call(path, redaction -> new PageReader(kind, redaction), UnaryOperator.identity()))
                .thenCompose(page -> {
                    Listing all =
                            before.map(listing -> listing.and(page.listing())).orElse(page.listing());
                    if (all.objects().size() > MOST_OBJECTS) {
                        return CompletableFuture.failedFuture(failures.tooMany(kind));
                    }
                    if (page.next().isEmpty()) {
                        return CompletableFuture.completedFuture(all);
                    }
                    return number < MOST_PAGES
                            ? list(kind, page.next(), Optional.of(all), number + 1)
                            : CompletableFuture.failedFuture(new MalformedJsonException("never ends"));
                });
    }

    /** Why a kind of which a watch reports ever more objects is not watched on. */
    ClusterUnavailable tooMany(FluxKind kind) {
        return failures.tooMany(kind);
    }

    /** Counts the objects of each kind, to test the connection; in the order of the kinds. */
    public CompletableFuture<List<Integer>> count() {
        CompletableFuture<List<Integer>> counts = CompletableFuture.completedFuture(new ArrayList<>());
        for (FluxKind kind : FluxKind.values()) {
            counts = counts.thenCombine(list(kind), (all, listed) -> {
                all.add(listed.objects().size());
                return all;
            });
        }
        return counts;
    }

    /** Asks Flux to reconcile an object now. The token needs the right to patch it. */
    CompletableFuture<Void> reconcile(FluxId id) {
        String body = Json.write(Json.object()
                .set(
                        "metadata",
                        Json.object()
                                .set(
                                        "annotations",
                                        Json.object()
                                                .put(REQUESTED, clock.instant().toString()))));
        String path = id.kind().path(id.namespace()) + "/" + RemoteAddress.encoded(id.name());
        return StreamingBody.within(
                        timer,
                        DEADLINE,
                        call(
                                path,
                                redaction -> new WholeReader(),
                                request -> request.header("Content-Type", "application/merge-patch+json")
                                        .method("PATCH", HttpRequest.BodyPublishers.ofString(body))))
                .<Void>thenApply(patched -> null)
                .exceptionally(failure -> {
                    throw new CompletionException(failures.explain(id.kind(), failure));
                });
    }

    /**
     * Watches a kind from a version on, until the server ends the watch.
     *
     * @return the handle that ends the watch
     */
    Subscription watch(FluxKind kind, String resourceVersion, WatchListener listener) {
        String path = kind.path(settings.namespace()) + "?watch=1&allowWatchBookmarks=true&timeoutSeconds="
                + WATCH.toSeconds() + "&resourceVersion=" + RemoteAddress.encoded(resourceVersion);
        CompletableFuture<HttpResponse<Void>> answer =
                call(path, redaction -> new WatchFrameReader(kind, listener, redaction), UnaryOperator.identity());
        Futures.cancelAfter(WATCH.plusMinutes(1), timer, answer);
        answer.whenComplete((response, failure) -> {
            if (failure == null) {
                listener.ended();
            } else if (Futures.cause(failure) instanceof KubernetesHttpException refusal
                    && refusal.status() == HTTP_GONE) {
                listener.expired();
            } else {
                listener.failed(failures.explain(kind, failure));
            }
        });
        return () -> answer.cancel(true);
    }

    private <T> CompletableFuture<HttpResponse<T>> call(
            String path,
            Function<SecretRedaction, StreamingBody.BodyReader<T>> reader,
            UnaryOperator<HttpRequest.Builder> method) {
        return lookups.call(logins::get, failures::noLoginInTime, login -> {
            if (login.token().stream().anyMatch(token -> !TOKEN.matcher(token).matches())) {
                return CompletableFuture.failedFuture(failures.unusableToken());
            }
            SecretRedaction redaction = failures.remember(login);
            HttpRequest.Builder request = method.apply(HttpRequest.newBuilder(URI.create(login.url() + path)))
                    .version(Version.HTTP_1_1)
                    .header("Accept", "application/json");
            login.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
            return client(login.tls())
                    .sendAsync(
                            request.build(),
                            head -> new StreamingBody<>(
                                    isSuccess(head)
                                            ? reader.apply(redaction)
                                            : new StatusReader<>(head, redaction, clock)));
        });
    }

    /** Returns the client with these certificates. Redirects would send the token to another server. */
    private synchronized HttpClient client(ClusterTls tls) {
        if (open == null || !open.tls().equals(tls)) {
            open = new OpenClient(tls, tls.open(http.get().followRedirects(Redirect.NEVER)));
        }
        return open.client();
    }

    private static boolean isSuccess(ResponseInfo head) {
        return head.statusCode() == HTTP_OK && !ContentType.isWebPage(head.headers());
    }

    /** Reads a body as a whole. */
    private static class WholeReader implements StreamingBody.BodyReader<byte[]> {

        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        @Override
        public void take(byte[] piece) {
            if (body.size() + piece.length > MAX_PAGE_BYTES) {
                throw new MalformedJsonException("is larger than 64 MiB");
            }
            body.writeBytes(piece);
        }

        @Override
        public byte[] end() {
            return body.toByteArray();
        }
    }

    /** Reads a page of a list. */
    private static final class PageReader implements StreamingBody.BodyReader<ListPage> {

        private final WholeReader whole = new WholeReader();
        private final FluxKind kind;
        private final SecretRedaction redaction;

        PageReader(FluxKind kind, SecretRedaction redaction) {
            this.kind = kind;
            this.redaction = redaction;
        }

        @Override
        public void take(byte[] piece) {
            whole.take(piece);
        }

        @Override
        public ListPage end() {
            JsonNode list = redaction.redact(Json.parse(whole.end(), MAX_PAGE_BYTES));
            JsonNode items = list.path("items");
            if (!items.isArray()) {
                throw new MalformedJsonException("is not a list");
            }
            var objects = new ArrayList<FluxObject>();
            items.forEach(item -> objects.add(FluxObjectReader.read(kind, item)));
            JsonNode metadata = list.path("metadata");
            if (metadata.path("resourceVersion").asText().isEmpty()) {
                throw new MalformedJsonException("is a list without a resourceVersion");
            }
            return new ListPage(
                    new Listing(objects, metadata.path("resourceVersion").asText()),
                    metadata.path("continue").asText());
        }
    }

    /** Reads the body of an error response, a {@code Status}; reading always ends in an exception. */
    private static final class StatusReader<T> implements StreamingBody.BodyReader<T> {

        private static final int MAX_BYTES = 64 << 10;

        private final ResponseInfo head;
        private final SecretRedaction redaction;
        private final Clock clock;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        StatusReader(ResponseInfo head, SecretRedaction redaction, Clock clock) {
            this.head = head;
            this.redaction = redaction;
            this.clock = clock;
        }

        @Override
        public void take(byte[] piece) throws IOException {
            if (body.size() + piece.length > MAX_BYTES) {
                throw refusal("");
            }
            body.writeBytes(piece);
        }

        @Override
        public T end() throws IOException {
            String message;
            try {
                message = Json.parse(body.toByteArray(), MAX_BYTES)
                        .path("message")
                        .asText();
            } catch (MalformedJsonException e) {
                message = "";
            }
            throw refusal(SingleLine.excerpt(redaction.redact(message)));
        }

        private KubernetesHttpException refusal(String message) {
            return new KubernetesHttpException(
                    head.statusCode(),
                    message,
                    RetryAfter.of(head.headers(), RetryAfter.serverTime(head.headers(), clock))
                            .orElse(null));
        }
    }
}
