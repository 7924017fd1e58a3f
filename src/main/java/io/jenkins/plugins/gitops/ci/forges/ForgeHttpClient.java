package io.jenkins.plugins.gitops.ci.forges;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.BoundedBody;
import io.jenkins.plugins.gitops.remote.ConnectionFailure;
import io.jenkins.plugins.gitops.remote.ContentType;
import io.jenkins.plugins.gitops.remote.SecretLookup;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An HTTP client of a forge. It sends the token to the address of the forge only, sends conditional requests for cached
 * pages, and keeps within a rate limit. It holds no thread while it waits. Calls fail with {@link ForgeUnavailable}
 * only.
 */
final class ForgeHttpClient {

    static final int FORBIDDEN = 403;
    static final int TOO_MANY_REQUESTS = 429;

    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;

    /** The largest response, in bytes: a hundred check runs may each come with 64 KiB of text. */
    private static final int MOST_BYTES = 16 << 20;

    /** With a hundred results on each page, more than any forge stores for one commit. */
    private static final int MOST_PAGES = 20;

    private static final int MOST_CACHED = 1000;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration TOKEN_DEADLINE = Duration.ofSeconds(90);
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern NEXT = Pattern.compile("(?i).*;\\s*rel=\"?next\"?.*");

    private final ForgeSettings settings;
    private final String api;
    private final Map<String, String> headers;
    private final String scheme;
    private final Transport transport;
    private final ForgeToken token;
    private final RateLimit rateLimit;

    /** Removes the last tokens from what the forge answers. */
    private volatile SecretRedaction redaction = SecretRedaction.NONE;

    /** Pages by their paths, the least recently used first. Guarded by itself. */
    private final Map<String, CachedPage> cache = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * The means by which requests are sent.
     *
     * @param client must not follow redirects, which would send the token to another server
     * @param timer cancels requests that are not answered in time
     * @param pool fetches the token, which may block
     */
    record Transport(HttpClient client, ScheduledExecutorService timer, Executor pool) {
        Transport {
            if (client.followRedirects() != Redirect.NEVER) {
                throw new IllegalArgumentException("An HTTP client that follows redirects would give the token away.");
            }
        }
    }

    /**
     * One page of a list.
     *
     * @param count the number of entries, including those that are no results of the commit
     * @param more whether another page follows
     */
    record Page(List<CheckResult> results, int count, boolean more) {}

    private record CachedPage(String etag, Page page) {}

    /**
     * Creates a client.
     *
     * @param path the path of the API below the address of the forge
     * @param headers headers of each request
     * @param scheme the scheme of the header {@code Authorization}: {@code Bearer}
     */
    ForgeHttpClient(
            ForgeSettings settings,
            String path,
            Map<String, String> headers,
            String scheme,
            Transport transport,
            ForgeToken token,
            RateLimit rateLimit) {
        this.settings = settings;
        this.api = settings.url() + path;
        this.headers = headers;
        this.scheme = scheme;
        this.transport = transport;
        this.token = token;
        this.rateLimit = rateLimit;
    }

    ForgeSettings settings() {
        return settings;
    }

    RateLimit rateLimit() {
        return rateLimit;
    }

    /**
     * Reads all pages of a list.
     *
     * @param path returns the path of a page by its number, from 1
     * @param reader reads a page; it may throw {@link MalformedJsonException}
     */
    CompletableFuture<List<CheckResult>> list(IntFunction<String> path, Function<JsonNode, Page> reader) {
        return list(path, reader, 1, new ArrayList<>());
    }

    private CompletableFuture<List<CheckResult>> list(
            IntFunction<String> path, Function<JsonNode, Page> reader, int number, List<CheckResult> sofar) {
        return page(path.apply(number), number, reader).thenCompose(page -> {
            sofar.addAll(page.results());
            if (!page.more()) {
                return CompletableFuture.completedFuture(sofar);
            }
            return number < MOST_PAGES
                    ? list(path, reader, number + 1, sofar)
                    : CompletableFuture.failedFuture(unavailable("has more than " + MOST_PAGES
                            + " pages of results for one commit. Look at what reports so many there."));
        });
    }

    private CompletableFuture<Page> page(String path, int number, Function<JsonNode, Page> reader) {
        CachedPage before;
        synchronized (cache) {
            before = cache.get(path);
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(api + path)).GET();
        if (before != null) {
            request.header("If-None-Match", before.etag());
        }
        return send(request).thenApply(response -> {
            if (response.statusCode() == NOT_MODIFIED) {
                if (before == null) {
                    throw new CompletionException(
                            unavailable("answered 304 (not modified) to a request without a condition: look at the "
                                    + "proxy before it."));
                }
                return before.page();
            }
            Page read = read(response, reader);
            boolean more = read.more()
                    || read.count() > 0 && (hasNext(response) || total(response) > (long) number * read.count());
            var page = new Page(List.copyOf(read.results()), read.count(), more);
            cache(path, response.headers().firstValue("ETag").map(etag -> new CachedPage(etag, page)));
            return page;
        });
    }

    private void cache(String path, Optional<CachedPage> answer) {
        synchronized (cache) {
            cache.remove(path);
            answer.ifPresent(known -> cache.put(path, known));
            if (cache.size() > MOST_CACHED) {
                cache.remove(cache.keySet().iterator().next());
            }
        }
    }

    private static boolean hasNext(HttpResponse<byte[]> response) {
        return response.headers().allValues("Link").stream()
                .flatMap(link -> Stream.of(link.split(",")))
                .anyMatch(link -> NEXT.matcher(link).matches());
    }

    /** The number of results on all pages, as Gitea says it; 0 if the server does not. */
    private static long total(HttpResponse<byte[]> response) {
        try {
            return response.headers().firstValueAsLong("X-Total-Count").orElse(0);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private <T> T read(HttpResponse<byte[]> response, Function<JsonNode, T> reader) {
        if (response.statusCode() != OK || ContentType.isWebPage(response.headers())) {
            throw new CompletionException(errorResponse(response));
        }
        try {
            // Gitea answers with an empty body for a commit that has no status.
            return reader.apply(
                    response.body().length == 0
                            ? MissingNode.getInstance()
                            : redaction.redact(Json.parse(response.body(), MOST_BYTES)));
        } catch (MalformedJsonException e) {
            // The text that the parser adds after the colon may be quoted from the response.
            String what = e.getMessage().split(":")[0];
            throw new CompletionException(unavailable("sent an answer that cannot be used: it " + what + ". Check that "
                    + settings.url() + " leads to it."));
        }
    }

    /**
     * Reads one document; empty if the forge has none there.
     *
     * @param reader reads the document; it may throw {@link MalformedJsonException}
     */
    <T> CompletableFuture<Optional<T>> find(String path, Function<JsonNode, T> reader) {
        return send(HttpRequest.newBuilder(URI.create(api + path)).GET())
                .thenApply(response -> response.statusCode() == NOT_FOUND && !isRepositoryMissing(response)
                        ? Optional.empty()
                        : Optional.of(read(response, reader)));
    }

    /** Whether Bitbucket Data Center says that the repository is missing, and not only what is asked for in it. */
    private static boolean isRepositoryMissing(HttpResponse<byte[]> response) {
        try {
            String exception = ForgeJsonReader.word(
                    Json.parse(response.body()).path("errors").path(0), "exceptionName");
            return exception.endsWith(".NoSuchRepositoryException") || exception.endsWith(".NoSuchProjectException");
        } catch (MalformedJsonException e) {
            return true;
        }
    }

    /**
     * Reads one document.
     *
     * @param reader reads the document; it may throw {@link MalformedJsonException}
     */
    <T> CompletableFuture<T> get(String path, Function<JsonNode, T> reader) {
        return send(HttpRequest.newBuilder(URI.create(api + path)).GET()).thenApply(response -> read(response, reader));
    }

    /** Completes if the path can be read. */
    CompletableFuture<Void> checkAccess(String path) {
        return get(path, json -> null);
    }

    /** Posts a JSON document; completes if the forge accepts it. */
    CompletableFuture<Void> post(String path, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json));
        return send(request).thenAccept(response -> {
            if (response.statusCode() / 100 != 2) {
                throw new CompletionException(errorResponse(response));
            }
        });
    }

    /**
     * Sends a request with the present token, and again if the forge refuses it and the token was replaced meanwhile.
     */
    private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request) {
        headers.forEach(request::setHeader);
        return fetchToken()
                .thenCompose(first -> sendOnce(request, first).thenCompose(response -> {
                    if (response.statusCode() != UNAUTHORIZED || first.isEmpty()) {
                        return CompletableFuture.completedFuture(response);
                    }
                    return fetchToken()
                            .thenCompose(second -> second.equals(first)
                                    ? CompletableFuture.completedFuture(response)
                                    : sendOnce(request, second));
                }))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(translate(failure)));
    }

    /**
     * Fetches the token, on a thread of the pool; empty if the forge is called without one. What stores tokens may be
     * another system that never answers.
     */
    private CompletableFuture<Optional<String>> fetchToken() {
        return new SecretLookup(transport.pool(), transport.timer(), TOKEN_DEADLINE)
                .find(
                        () -> {
                            Optional<String> given = token.get().map(String::strip);
                            if (given.isPresent() && !TOKEN.matcher(given.get()).matches()) {
                                throw unavailable("has a token with characters that no token has: store it anew in its"
                                        + " credentials.");
                            }
                            redaction = redaction.and(given.map(List::of).orElse(List.of()));
                            return given;
                        },
                        () -> unavailable("is not asked: its token could not be looked up in time."));
    }

    private CompletableFuture<HttpResponse<byte[]>> sendOnce(HttpRequest.Builder request, Optional<String> bearer) {
        return rateLimit.turns().take(() -> {
            Optional<Duration> blocked = rateLimit.blockedFor();
            if (blocked.isPresent()) {
                return CompletableFuture.failedFuture(rateLimited(blocked.get()));
            }
            bearer.ifPresent(secret -> request.setHeader("Authorization", scheme + " " + secret));
            if (settings.url().startsWith("http:")) {
                // Some servers fail on the upgrade to HTTP/2 that an unencrypted connection begins with.
                request.version(Version.HTTP_1_1);
            }
            CompletableFuture<HttpResponse<byte[]>> answer =
                    transport.client().sendAsync(request.build(), head -> BoundedBody.upTo(MOST_BYTES));
            Futures.cancelAfter(DEADLINE, transport.timer(), answer);
            return answer.thenApply(response -> {
                Optional<Duration> wanted = rateLimit.learn(response.statusCode(), response.headers());
                if (wanted.isPresent() && response.statusCode() != OK && response.statusCode() != NOT_MODIFIED) {
                    throw new CompletionException(rateLimited(wanted.get()));
                }
                return response;
            });
        });
    }

    private ForgeUnavailable rateLimited(Duration wanted) {
        return unavailable("wants to be asked less often; it is left alone for as long as it says.", wanted, null);
    }

    private ForgeUnavailable errorResponse(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String words = message(response);
        String what =
                switch (status) {
                    case OK ->
                        "answered with a web page: " + settings.url() + " leads to a login page or a proxy, not to its "
                                + "API.";
                    case UNAUTHORIZED ->
                        "refuses the token (401" + words + "): it is wrong or expired; store a new one in its "
                                + "credentials.";
                    case FORBIDDEN ->
                        "does not let the token do this (403" + words
                                + (response.request().method().equals("POST")
                                        ? "): let it write commit statuses of " + settings.repository() + "."
                                        : "): let it read " + settings.repository()
                                                + ", its commit statuses and checks.");
                    case NOT_FOUND ->
                        "knows nothing of it (404" + words + "): check " + settings.url() + " and "
                                + settings.repository() + ", and that the token may see it.";
                    default ->
                        status >= 300 && status < 400
                                ? redirects(response)
                                : "answers with status " + status + words + "; it is asked again.";
                };
        return status == FORBIDDEN || status == NOT_FOUND
                ? ForgeUnavailable.refusing(settings.kind() + " (" + settings.url() + ") " + what)
                : unavailable(what);
    }

    /** Returns the error message of the forge as a part of a sentence, without the token; empty if there is none. */
    private String message(HttpResponse<byte[]> response) {
        try {
            JsonNode json = Json.parse(response.body());
            // GitHub and GitLab; some of GitLab; Bitbucket Cloud; Bitbucket Data Center.
            String message = Stream.of(
                            json.path("message"),
                            json.path("error"),
                            json.path("error").path("message"),
                            json.path("errors").path(0).path("message"))
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::asText)
                    .findFirst()
                    .orElse("");
            String shown = SingleLine.excerpt(redaction.redact(message));
            return shown.isEmpty() ? "" : ", \"" + shown + "\"";
        } catch (MalformedJsonException e) {
            return "";
        }
    }

    /** Forges answer with a redirect within themselves when a repository was renamed or moved. */
    private String redirects(HttpResponse<byte[]> response) {
        Optional<URI> target = target(response);
        if (target.isPresent() && isSameServer(target.get(), response.uri())) {
            return "has " + settings.repository() + " at another address, to which it redirects: if it was renamed or "
                    + "moved, give its present name.";
        }
        // Without path and query, which may hold secrets.
        String shown = target.filter(uri -> uri.getHost() != null)
                .map(uri -> " to " + uri.getScheme() + "://" + uri.getHost())
                .orElse("");
        return "redirects" + shown + ", which is not followed, so that the token reaches nobody else: give the address "
                + "that answers itself.";
    }

    private Optional<URI> target(HttpResponse<byte[]> response) {
        try {
            return response.headers()
                    .firstValue("Location")
                    .map(location -> response.uri().resolve(redaction.redact(location)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean isSameServer(URI target, URI asked) {
        return asked.getScheme().equals(target.getScheme())
                && asked.getRawAuthority().equals(target.getRawAuthority())
                && target.getRawPath() != null
                && target.getRawPath().startsWith(URI.create(api).getRawPath() + "/");
    }

    private ForgeUnavailable translate(Throwable failure) {
        Throwable cause = Futures.cause(failure);
        if (cause instanceof ForgeUnavailable known) {
            return known;
        }
        String what = ConnectionFailure.describe(cause, "its address")
                .orElseGet(() -> "cannot be asked: " + cause.getClass().getSimpleName() + ".");
        return unavailable(what, null, cause);
    }

    private ForgeUnavailable unavailable(String what) {
        return unavailable(what, null, null);
    }

    private ForgeUnavailable unavailable(String what, @Nullable Duration retryAfter, @CheckForNull Throwable cause) {
        return new ForgeUnavailable(
                settings.kind() + " (" + settings.url() + ") " + redaction.redact(what),
                retryAfter,
                cause == null ? null : redaction.redact(cause));
    }
}
