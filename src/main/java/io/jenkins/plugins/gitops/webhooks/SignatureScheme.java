package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * The ways in which the sender of a request proves that it knows a secret. A request with an invalid proof is refused
 * even if it has a valid one of another kind.
 */
enum SignatureScheme {
    /**
     * The signature of the request, or the secret itself as a bearer token. A signature of the body alone is verified
     * as well; the endpoint decides whether it accepts one.
     */
    REQUEST("a webhook-signature of the request made with it (" + SignatureScheme.HOW_TO + "), or Authorization: Bearer"
            + " with it. A signature of the body alone is only taken where the repository allows it, for announcements"
            + " without a query") {
        @Override
        Optional<RequestProof> proof(SharedSecret secret, WebRequest request) {
            String signatures = firstHeader(request, "webhook-signature");
            if (signatures != null) {
                return Optional.of(RequestSignature.proof(secret, request, signatures));
            }
            Optional<RequestProof> ofBody = GITHUB.proof(secret, request);
            String authorization = request.header("Authorization");
            if (ofBody.isPresent() || authorization == null) {
                return ofBody;
            }
            boolean bearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
            return Optional.of(RequestProof.ofSecret(bearer
                    && secret.matches(authorization.substring(BEARER.length()).strip())));
        }
    },
    GITHUB("an X-Hub-Signature-256 of the body made with it, which the webhook's secret gives") {
        @Override
        Optional<RequestProof> proof(SharedSecret secret, WebRequest request) {
            String signature = firstHeader(request, "X-Hub-Signature-256");
            return signature == null ? Optional.empty() : Optional.of(ofBody(secret, "sha256=", signature));
        }
    },
    /** An HMAC-SHA256 of the body in hexadecimal, without a prefix. Forgejo sends both headers. */
    GITEA("an X-Gitea-Signature of the body made with it, which the webhook's secret gives") {
        @Override
        Optional<RequestProof> proof(SharedSecret secret, WebRequest request) {
            String signature = firstHeader(request, "X-Gitea-Signature", "X-Forgejo-Signature");
            return signature == null ? GITHUB.proof(secret, request) : Optional.of(ofBody(secret, "", signature));
        }

        @Override
        RequestBodyReader.Receiver signedPart(WebRequest request, RequestBodyReader.Receiver signature) {
            return FormPayload.isForm(request) ? new FormPayload(signature) : signature;
        }
    },
    /** The HMAC-SHA256 of the body, of Cloud and Data Center. */
    BITBUCKET("an X-Hub-Signature of the body made with it, which the webhook's secret gives") {
        @Override
        Optional<RequestProof> proof(SharedSecret secret, WebRequest request) {
            String signature = firstHeader(request, "X-Hub-Signature");
            return signature == null ? Optional.empty() : Optional.of(ofBody(secret, "sha256=", signature));
        }
    },
    /** The HMAC-SHA256 of the body that Flux' notification-controller sends for a Provider of the type generic-hmac. */
    FLUX("an X-Signature of the body made with it, which a Provider of the type generic-hmac gives") {
        @Override
        Optional<RequestProof> proof(SharedSecret secret, WebRequest request) {
            String signature = firstHeader(request, FLUX_SIGNATURE);
            return signature == null ? Optional.empty() : Optional.of(ofBody(secret, "sha256=", signature));
        }
    },
    /**
     * The secret itself; or a signature of Standard Webhooks, which GitLab sends if the webhook has a signing token:
     * {@code v1,} and the HMAC-SHA256, in Base64, of id, time and body with dots between.
     */
    GITLAB("an X-Gitlab-Token that is it, or a webhook-signature made with it, which the webhook's secret token or"
            + " signing token gives") {
        @Override
        Optional<RequestProof> proof(SharedSecret secret, WebRequest request) {
            String signatures = firstHeader(request, "webhook-signature");
            if (signatures != null) {
                String id = String.valueOf(firstHeader(request, "webhook-id"));
                String time = String.valueOf(firstHeader(request, "webhook-timestamp"));
                Mac mac = secret.standardMac();
                mac.update((id + "." + time + ".").getBytes(StandardCharsets.UTF_8));
                return Optional.of(RequestProof.ofSignature(
                        RequestProof.Kind.BODY_SIGNATURE,
                        mac,
                        result -> RequestSignature.anyEquals(
                                signatures, "v1," + Base64.getEncoder().encodeToString(result))));
            }
            String token = firstHeader(request, "X-Gitlab-Token");
            return Optional.ofNullable(token).map(given -> RequestProof.ofSecret(secret.matches(given)));
        }
    };

    /** The header by which a request is known as one of Flux. */
    static final String FLUX_SIGNATURE = "X-Signature";

    private static final String HOW_TO = "see docs/endpoints.md of the plugin";
    private static final String BEARER = "Bearer ";

    private final String description;

    SignatureScheme(String description) {
        this.description = description;
    }

    /** What a request needs, for an error message. */
    String description() {
        return description;
    }

    /** The proof in the headers of a request; empty if there is none. */
    abstract Optional<RequestProof> proof(SharedSecret secret, WebRequest request);

    /**
     * Returns a receiver of the body of a request, which passes on what of it is signed.
     *
     * @param signature receives that
     */
    RequestBodyReader.Receiver signedPart(WebRequest request, RequestBodyReader.Receiver signature) {
        return signature;
    }

    /** A signature that is a prefix and the HMAC-SHA256 of the body in hexadecimal. */
    private static RequestProof ofBody(SharedSecret secret, String prefix, String signature) {
        return RequestProof.ofSignature(
                RequestProof.Kind.BODY_SIGNATURE,
                secret.mac(),
                result -> MessageDigest.isEqual(
                        (prefix + HexFormat.of().formatHex(result)).getBytes(StandardCharsets.UTF_8),
                        signature.getBytes(StandardCharsets.UTF_8)));
    }

    /** The value of the first of these headers that is not blank, or null. */
    @CheckForNull
    static String firstHeader(WebRequest request, String... headers) {
        for (String header : headers) {
            String value = request.header(header);
            if (value != null && !value.isBlank()) {
                return value.strip();
            }
        }
        return null;
    }
}
