package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/**
 * The ways in which the sender of a request proves that it knows a secret. A request with an invalid proof is refused
 * even if it has a valid one of another kind.
 */
enum SignatureScheme {
    /** The signature of GitHub, or the secret itself as a bearer token. */
    ANY("an X-Hub-Signature-256 of the body made with it, or Authorization: Bearer with it") {
        @Override
        Verification verify(SharedSecret secret, WebRequest request, byte[] body) {
            Verification signed = GITHUB.verify(secret, request, body);
            String authorization = request.header("Authorization");
            if (signed != Verification.MISSING || authorization == null) {
                return signed;
            }
            boolean bearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
            return verification(bearer
                    && secret.matches(authorization.substring(BEARER.length()).strip()));
        }
    },
    GITHUB("an X-Hub-Signature-256 of the body made with it, which the webhook's secret gives") {
        @Override
        Verification verify(SharedSecret secret, WebRequest request, byte[] body) {
            String signature = firstHeader(request, "X-Hub-Signature-256");
            return signature == null
                    ? Verification.MISSING
                    : verification(secret.hasSigned(body, "sha256=", signature));
        }
    },
    /** An HMAC-SHA256 of the body in hexadecimal, without a prefix. Forgejo sends both headers. */
    GITEA("an X-Gitea-Signature of the body made with it, which the webhook's secret gives") {
        @Override
        Verification verify(SharedSecret secret, WebRequest request, byte[] body) {
            String signature = firstHeader(request, "X-Gitea-Signature", "X-Forgejo-Signature");
            return signature == null
                    ? GITHUB.verify(secret, request, body)
                    : verification(secret.hasSigned(body, "", signature));
        }
    },
    /**
     * The secret itself; or a signature of Standard Webhooks, which GitLab sends if the webhook has a signing token.
     */
    GITLAB("an X-Gitlab-Token that is it, or a webhook-signature made with it, which the webhook's secret token or"
            + " signing token gives") {
        @Override
        Verification verify(SharedSecret secret, WebRequest request, byte[] body) {
            String signatures = firstHeader(request, "webhook-signature");
            if (signatures != null) {
                String id = String.valueOf(firstHeader(request, "webhook-id"));
                String time = String.valueOf(firstHeader(request, "webhook-timestamp"));
                return verification(secret.hasSignedStandardWebhook(id, time, body, signatures));
            }
            String token = firstHeader(request, "X-Gitlab-Token");
            return token == null ? Verification.MISSING : verification(secret.matches(token));
        }
    };

    /** Whether a request has a proof, and whether that is valid. */
    enum Verification {
        MISSING,
        INVALID,
        VALID
    }

    private static final String BEARER = "Bearer ";

    private final String description;

    SignatureScheme(String description) {
        this.description = description;
    }

    /** What a request needs, for an error message. */
    String description() {
        return description;
    }

    abstract Verification verify(SharedSecret secret, WebRequest request, byte[] body);

    private static Verification verification(boolean valid) {
        return valid ? Verification.VALID : Verification.INVALID;
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
