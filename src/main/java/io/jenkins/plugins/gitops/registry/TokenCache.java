package io.jenkins.plugins.gitops.registry;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.remote.ConcurrencyLimiter;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/**
 * Bearer tokens of token services (distribution, docs/content/spec/auth/token.md), one for each scope and credentials,
 * shared by concurrent requests, and kept until ten seconds before they expire.
 */
final class TokenCache {

    /** The lifetime of a token if the service does not send one. */
    private static final int DEFAULT_SECONDS = 60;

    /** A token is renewed this long before it expires, so that a request that was sent with it can complete. */
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");

    private final RetryingClient http;
    private final Clock clock;
    private final Map<TokenScope, CompletableFuture<CachedToken>> tokens = new HashMap<>();

    private record TokenScope(URI address, String identity) {}

    private record CachedToken(String bearer, Instant renewAt) {}

    TokenCache(RetryingClient http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    /**
     * Returns the value of an {@code Authorization} header for a repository. Fails with {@link RequestRefused} if the
     * service issues no token.
     *
     * @param realm the address of the service; the credentials may be sent to it
     * @param stale the value that the registry has just refused, which is not returned; empty if none was
     */
    CompletableFuture<String> bearer(
            String registry,
            ConcurrencyLimiter turns,
            URI realm,
            String service,
            String repository,
            @Nullable RegistryCredentials credentials,
            Optional<String> stale) {
        URI address = URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + "service=" + encoded(service)
                + "&scope=" + encoded("repository:" + repository + ":pull"));
        var key = new TokenScope(address, credentials == null ? "" : credentials.identity());
        CompletableFuture<CachedToken> token;
        synchronized (this) {
            tokens.values().removeIf(this::isExpired);
            token = tokens.get(key);
            if (token == null
                    || token.isDone()
                            && stale.filter(token.join().bearer()::equals).isPresent()) {
                token = requestToken(registry, turns, address, credentials);
                tokens.put(key, token);
            }
        }
        return token.thenApply(CachedToken::bearer);
    }

    private boolean isExpired(CompletableFuture<CachedToken> token) {
        return token.isCompletedExceptionally()
                || token.isDone() && !token.join().renewAt().isAfter(clock.instant());
    }

    private CompletableFuture<CachedToken> requestToken(
            String registry, ConcurrencyLimiter turns, URI address, @Nullable RegistryCredentials credentials) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).header("Accept", "application/json");
        if (credentials != null) {
            request.header("Authorization", credentials.basic());
        }
        SecretRedaction redaction = credentials == null ? SecretRedaction.NONE : credentials.redaction();
        String subject = "The token service " + address.getAuthority() + " of the registry " + registry;
        return http.send(subject, turns, request, redaction).thenApply(answer -> {
            try {
                return token(subject, answer, credentials != null);
            } catch (RequestRefused e) {
                throw new CompletionException(e);
            }
        });
    }

    private CachedToken token(String subject, RegistryResponse answer, boolean withCredentials) throws RequestRefused {
        if (answer.isRedirect()) {
            throw new RequestRefused(subject + " redirects to " + answer.redirectedTo()
                    + ", which is not followed, so that credentials reach nobody else.");
        }
        if (answer.status() != HttpURLConnection.HTTP_OK) {
            throw new RequestRefused(subject
                    + (withCredentials
                            ? " refuses the credentials: check the user and password behind credentialsId."
                            : " gives no token without credentials: name some that may pull with credentialsId:.")
                    + " It answered with status " + answer.reason() + ".");
        }
        JsonNode said;
        try {
            said = Json.parse(answer.body());
        } catch (MalformedJsonException e) {
            // The text that the parser adds after the colon may be quoted from the answer.
            throw new RequestRefused(
                    subject + " sent an answer that " + e.getMessage().split(":")[0] + ".");
        }
        String bearer = said.path("token").asText(said.path("access_token").asText());
        if (!TOKEN.matcher(bearer).matches()) {
            throw new RequestRefused(subject + " sent an answer without a token.");
        }
        Duration good = Duration.ofSeconds(said.path("expires_in").asInt(DEFAULT_SECONDS));
        return new CachedToken("Bearer " + bearer, clock.instant().plus(good).minus(MARGIN));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
