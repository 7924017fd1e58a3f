package io.jenkins.plugins.gitops.registry;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.MediaTypes;
import io.jenkins.plugins.gitops.remote.ConcurrencyLimiter;
import io.jenkins.plugins.gitops.remote.ContentType;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A client of one image registry, which reads manifests by {@code HEAD} and {@code GET} (distribution specification).
 */
final class RegistryClient {

    /** A compromise: many requests hide the latency of a registry, and too many overload it. */
    private static final int MOST_AT_ONCE = 32;

    private static final String DIGEST_HEADER = "Docker-Content-Digest";

    private final RegistrySettings settings;
    private final RetryingClient http;
    private final TokenCache tokens;
    private final ConcurrencyLimiter turns = new ConcurrencyLimiter(MOST_AT_ONCE);
    private final String subject;

    /** The last challenge of the registry, so that the next request is sent with credentials; null before the first. */
    @CheckForNull
    private volatile AuthChallenge challenge;

    RegistryClient(RegistrySettings settings, RetryingClient http, TokenCache tokens) {
        this.settings = settings;
        this.http = http;
        this.tokens = tokens;
        this.subject = "The registry " + settings.registry();
    }

    /**
     * Reads the digest and the media type of the manifest under a tag or digest; empty if there is none. The manifest
     * itself is read only where the answer to {@code HEAD} does not have both headers: some registries refuse what they
     * do not know, or say 404 of what they have (Nexus; crazy-max/diun issue 1614), and the reason of a refusal is in the
     * body, which an answer to {@code HEAD} does not have.
     */
    CompletableFuture<Optional<ImageManifest>> head(
            String name, String reference, @Nullable RegistryCredentials credentials) {
        return request("HEAD", name, manifest(reference), MediaTypes.ACCEPTED, credentials)
                .thenCompose(answer -> {
                    String digest = answer.headers().firstValue(DIGEST_HEADER).orElse("");
                    boolean enough =
                            answer.status() == HTTP_OK && !answer.mediaType().isEmpty() && !digest.isEmpty();
                    if (!enough && !answer.isRedirect()) {
                        return get(name, reference, credentials);
                    }
                    return read(answer, name, credentials, () -> {
                        requireManifest(answer, name);
                        return ImageManifest.of(requireDigest(digest), answer.mediaType());
                    });
                });
    }

    /** Reads the whole manifest under a tag or digest; empty if there is none. */
    CompletableFuture<Optional<ImageManifest>> get(
            String name, String reference, @Nullable RegistryCredentials credentials) {
        return request("GET", name, manifest(reference), MediaTypes.ACCEPTED, credentials)
                .thenCompose(answer -> read(answer, name, credentials, () -> {
                    requireManifest(answer, name);
                    String digest = digest(answer, name, reference);
                    return ImageManifest.of(digest, json(answer, name));
                }));
    }

    private static String manifest(String reference) {
        return "manifests/" + reference;
    }

    /** Reads the manifest under a tag or digest as it is; empty if there is none. */
    CompletableFuture<Optional<JsonNode>> document(
            String name, String reference, @Nullable RegistryCredentials credentials) {
        return request("GET", name, manifest(reference), MediaTypes.ACCEPTED, credentials)
                .thenCompose(answer -> read(answer, name, credentials, () -> {
                    requireManifest(answer, name);
                    digest(answer, name, reference);
                    return json(answer, name);
                }));
    }

    /**
     * Lists the manifests that refer to an image, as an index; without entries if there are none. Registries that do
     * not know the request have the list under a tag (distribution specification 1.1, referrers tag schema).
     */
    CompletableFuture<JsonNode> referrers(String name, String digest, @Nullable RegistryCredentials credentials) {
        return request("GET", name, "referrers/" + digest, MediaTypes.OCI_INDEX, credentials)
                .thenCompose(answer -> {
                    if (answer.status() == HTTP_OK && MediaTypes.isIndex(answer.mediaType())) {
                        return read(answer, name, credentials, () -> json(answer, name));
                    }
                    return document(name, digest.replace(':', '-'), credentials);
                })
                .thenApply(index -> index.orElseGet(Json::object));
    }

    /**
     * Reads a blob; empty if there is none. A registry may have it on another host, to which it redirects: that is
     * asked without credentials, if it is one of the registry's {@code blobHosts}.
     */
    CompletableFuture<Optional<byte[]>> blob(String name, String digest, @Nullable RegistryCredentials credentials) {
        try {
            requireDigest(digest);
        } catch (RequestRefused e) {
            return CompletableFuture.failedFuture(e);
        }
        return request("GET", name, "blobs/" + digest, "*/*", credentials)
                .thenCompose(
                        answer -> answer.isRedirect() ? redirected(answer) : CompletableFuture.completedFuture(answer))
                .thenCompose(answer -> read(answer, name, credentials, () -> {
                    digest(answer, name, digest);
                    return answer.body();
                }));
    }

    private CompletableFuture<RegistryResponse> redirected(RegistryResponse answer) {
        URI location;
        try {
            location = URI.create(settings.url() + "/v2/")
                    .resolve(answer.headers().firstValue("Location").orElse(""));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(
                    new RequestRefused(subject + " redirects to an address that is none."));
        }
        if (!settings.keepsBlobsOn(location)) {
            return CompletableFuture.failedFuture(new RequestRefused(subject + " keeps its blobs on "
                    + answer.redirectedTo() + ", which nobody has said may be asked; an administrator can add that host"
                    + " to the registry's blobHosts."));
        }
        return send("GET", location, "*/*", Optional.empty(), SecretRedaction.NONE);
    }

    @FunctionalInterface
    private interface AnswerReader<T> {
        T read() throws RequestRefused;
    }

    private <T> CompletableFuture<Optional<T>> read(
            RegistryResponse answer, String name, @Nullable RegistryCredentials credentials, AnswerReader<T> reader) {
        try {
            if (answer.status() == HTTP_NOT_FOUND) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            requireContent(answer, name, credentials != null);
            return CompletableFuture.completedFuture(Optional.of(reader.read()));
        } catch (RequestRefused e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void requireContent(RegistryResponse answer, String name, boolean withCredentials) throws RequestRefused {
        if (answer.isRedirect()) {
            throw new RequestRefused(subject + " redirects to " + answer.redirectedTo()
                    + ", which is not followed, so that credentials reach nobody else; name the registry that answers "
                    + "itself.");
        }
        if (answer.status() == HTTP_UNAUTHORIZED || answer.status() == HTTP_FORBIDDEN) {
            throw new RequestRefused(subject
                    + (withCredentials
                            ? " does not let these credentials read " + name
                                    + ": check the user and password behind credentialsId, that they may pull it, and "
                                    + "the name of the image."
                            : " does not let everybody read " + name
                                    + ": name credentials that may pull it with credentialsId:, and check the name of "
                                    + "the image.")
                    + " It answered with status " + answer.reason() + ".");
        }
        if (ContentType.isWebPage(answer.headers())) {
            throw new RequestRefused(subject + " answers with a web page: " + settings.url()
                    + " leads to a site or a login page, not to a registry; check the name of the image.");
        }
        if (answer.status() != HTTP_OK) {
            throw new RequestRefused(subject + " answers with status " + answer.reason() + " for " + name
                    + "; check the name of the image.");
        }
    }

    private void requireManifest(RegistryResponse answer, String name) throws RequestRefused {
        String type = answer.mediaType();
        if (MediaTypes.isSchema1(type)) {
            throw new RequestRefused(
                    subject + " has " + name + " only in Docker's old schema 1, whose digest cannot be relied "
                            + "on; push it again with a current tool.");
        }
        if (!type.isEmpty() && !MediaTypes.isKnown(type)) {
            throw new RequestRefused(subject + " answers for " + name + " with " + SingleLine.excerpt(type)
                    + ", which is not the manifest of an image.");
        }
    }

    /** The digest of what was sent, which has to be the one that was asked for or named. */
    private String digest(RegistryResponse answer, String name, String reference) throws RequestRefused {
        byte[] body = answer.body();
        if (body.length > RetryingClient.MOST_BYTES) {
            throw new RequestRefused(
                    subject + " sends over " + (RetryingClient.MOST_BYTES >> 20) + " MiB as the manifest of " + name
                            + "; no manifest is that large, so what answers there is no registry.");
        }
        Optional<String> header = answer.headers().firstValue(DIGEST_HEADER);
        String wanted = requireDigest(
                ImageRef.isDigest(reference) ? reference : header.orElse("sha256:" + HexDigest.sha256(body)));
        String digest =
                wanted.startsWith("sha512:") ? "sha512:" + HexDigest.sha512(body) : "sha256:" + HexDigest.sha256(body);
        if (!digest.equals(wanted)
                || header.isPresent()
                        && ImageRef.isDigest(reference)
                        && !header.get().equals(wanted)) {
            throw new RequestRefused(subject + " sends other bytes for " + name + " than their digest " + wanted
                    + " says; something between here and there alters them.");
        }
        return digest;
    }

    private JsonNode json(RegistryResponse answer, String name) throws RequestRefused {
        try {
            return Json.parse(answer.body(), RetryingClient.MOST_BYTES);
        } catch (MalformedJsonException e) {
            throw new RequestRefused(subject + " sends a manifest of " + name + " that "
                    + e.getMessage().split(":")[0] + ".");
        }
    }

    private String requireDigest(String digest) throws RequestRefused {
        if (!ImageRef.isDigest(digest)) {
            throw new RequestRefused(
                    subject + " names the digest \"" + SingleLine.excerpt(digest) + "\", which is none.");
        }
        return digest;
    }

    private CompletableFuture<RegistryResponse> request(
            String method, String name, String path, String accepted, @Nullable RegistryCredentials credentials) {
        URI uri = URI.create(settings.url() + "/v2/" + name + "/" + path);
        // Without credentials the first request has no token: a public image needs no token service.
        AuthChallenge last = credentials == null ? null : challenge;
        CompletableFuture<Optional<String>> known = authorization(last, name, credentials, Optional.empty())
                // What was learned before may be over; the registry says anew where its tokens come from.
                .exceptionally(failure -> Optional.empty());
        return known.thenCompose(first -> send(method, uri, accepted, first, redaction(credentials, first))
                .thenCompose(answer -> {
                    if (answer.status() != HTTP_UNAUTHORIZED) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    AuthChallenge wanted = supportedChallenge(answer).orElse(null);
                    challenge = wanted;
                    return authorization(wanted, name, credentials, first)
                            .thenCompose(second -> second.equals(first)
                                    ? CompletableFuture.completedFuture(answer)
                                    : send(method, uri, accepted, second, redaction(credentials, second)));
                }));
    }

    /**
     * Requests {@code /v2/}, which a registry answers with its challenge (distribution specification, {@code end-1}).
     */
    CompletableFuture<AuthDiscovery> discoverAuth() {
        URI uri = URI.create(settings.url() + "/v2/");
        return send("GET", uri, MediaTypes.ACCEPTED, Optional.empty(), SecretRedaction.NONE)
                .thenApply(answer -> {
                    Optional<AuthChallenge> wanted = supportedChallenge(answer);
                    boolean registry =
                            answer.status() == HTTP_OK || answer.status() == HTTP_UNAUTHORIZED && wanted.isPresent();
                    if (!registry || ContentType.isWebPage(answer.headers())) {
                        throw new CompletionException(new RequestRefused(subject + " answers with status "
                                + answer.reason() + ", as no registry does; check its address."));
                    }
                    try {
                        return wanted.filter(AuthChallenge::isBearer)
                                .map(this::address)
                                .map(realm -> new AuthDiscovery(
                                        Optional.of(realm.getScheme() + "://" + realm.getAuthority()),
                                        settings.trusts(realm)))
                                .orElse(new AuthDiscovery(Optional.empty(), true));
                    } catch (IllegalArgumentException e) {
                        throw new CompletionException(new RequestRefused(e.getMessage()));
                    }
                });
    }

    private CompletableFuture<RegistryResponse> send(
            String method, URI uri, String accepted, Optional<String> authorization, SecretRedaction redaction) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.noBody())
                .header("Accept", accepted);
        authorization.ifPresent(value -> request.header("Authorization", value));
        return http.send(subject, turns, request, redaction);
    }

    /** Removes the password, and the token of a header {@code Authorization}. */
    private static SecretRedaction redaction(
            @Nullable RegistryCredentials credentials, Optional<String> authorization) {
        SecretRedaction password = credentials == null ? SecretRedaction.NONE : credentials.redaction();
        return authorization
                .map(value -> password.and(List.of(value.substring(value.indexOf(' ') + 1))))
                .orElse(password);
    }

    /** Returns the challenge that this client answers: the first bearer, else the first basic one. */
    private static Optional<AuthChallenge> supportedChallenge(RegistryResponse answer) {
        List<AuthChallenge> challenges = AuthChallenge.parse(answer.headers().allValues("WWW-Authenticate"));
        return challenges.stream()
                .filter(AuthChallenge::isBearer)
                .findFirst()
                .or(() -> challenges.stream().filter(AuthChallenge::isBasic).findFirst());
    }

    /** Returns the value of the header {@code Authorization} that answers a challenge; empty without a challenge. */
    private CompletableFuture<Optional<String>> authorization(
            @Nullable AuthChallenge wanted,
            String name,
            @Nullable RegistryCredentials credentials,
            Optional<String> stale) {
        if (wanted == null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        try {
            if (wanted.isBearer()) {
                return tokens.bearer(
                                settings.registry(), turns, realm(wanted), wanted.service(), name, credentials, stale)
                        .thenApply(Optional::of);
            }
            return CompletableFuture.completedFuture(
                    Optional.ofNullable(credentials).map(RegistryCredentials::basic));
        } catch (RequestRefused e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private URI realm(AuthChallenge wanted) throws RequestRefused {
        URI realm;
        try {
            realm = address(wanted);
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
        if (!settings.trusts(realm)) {
            throw new RequestRefused(
                    subject + " sends to the token service " + realm.getScheme() + "://" + realm.getHost()
                            + ", which nobody has said may see its credentials; an administrator can add that "
                            + "host to the registry's tokenHosts.");
        }
        return realm;
    }

    /**
     * The address of the token service.
     *
     * @throws IllegalArgumentException if it is none, with a sentence
     */
    private URI address(AuthChallenge wanted) {
        String sentence = subject + " names a token service whose address is none, \""
                + SingleLine.excerpt(wanted.realm())
                + "\"; its administrator has to set the address by which clients reach it.";
        try {
            URI address = URI.create(wanted.realm());
            if (address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(sentence, e);
        }
        throw new IllegalArgumentException(sentence);
    }
}
