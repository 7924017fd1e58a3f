package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** How the sender of a request proves that it knows a secret. A proof that is there has to be right. */
enum SignatureScheme {
    /** By a signature, or by the secret itself. */
    ANY("an X-Hub-Signature-256 of the body made with it, or Authorization: Bearer with it") {
        @Override
        Result of(SharedSecret secret, WebRequest request, byte[] body) {
            Result signed = GITHUB.of(secret, request, body);
            String authorization = request.header("Authorization");
            if (signed != Result.MISSING || authorization == null) {
                return signed;
            }
            boolean bearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
            return result(
                    bearer && secret.is(authorization.substring(BEARER.length()).strip()));
        }
    },
    GITHUB("an X-Hub-Signature-256 of the body made with it, which the webhook's secret gives") {
        @Override
        Result of(SharedSecret secret, WebRequest request, byte[] body) {
            String signature = first(request, "X-Hub-Signature-256");
            return signature == null ? Result.MISSING : result(secret.signed(body, "sha256=", signature));
        }
    },
    /** The same without a prefix. Forgejo sends both names. */
    GITEA("an X-Gitea-Signature of the body made with it, which the webhook's secret gives") {
        @Override
        Result of(SharedSecret secret, WebRequest request, byte[] body) {
            String signature = first(request, "X-Gitea-Signature", "X-Forgejo-Signature");
            return signature == null ? GITHUB.of(secret, request, body) : result(secret.signed(body, "", signature));
        }
    },
    /** Signed as Standard Webhooks has it where the webhook has a signing token. */
    GITLAB("an X-Gitlab-Token that is it, or a webhook-signature made with it, which the webhook's secret token or"
            + " signing token gives") {
        @Override
        Result of(SharedSecret secret, WebRequest request, byte[] body) {
            String signatures = first(request, "webhook-signature");
            if (signatures != null) {
                String id = String.valueOf(first(request, "webhook-id"));
                String time = String.valueOf(first(request, "webhook-timestamp"));
                return result(secret.signedAsStandard(id, time, body, signatures));
            }
            String token = first(request, "X-Gitlab-Token");
            return token == null ? Result.MISSING : result(secret.is(token));
        }
    };

    /** What came of looking at a request. */
    enum Result {
        MISSING,
        WRONG,
        RIGHT
    }

    private static final String BEARER = "Bearer ";

    private final String words;

    SignatureScheme(String words) {
        this.words = words;
    }

    /** What it takes, for whoever has not given it. */
    String words() {
        return words;
    }

    abstract Result of(SharedSecret secret, WebRequest request, byte[] body);

    private static Result result(boolean right) {
        return right ? Result.RIGHT : Result.WRONG;
    }

    /** The first of these headers that a request has and that says something. */
    @CheckForNull
    static String first(WebRequest request, String... headers) {
        for (String header : headers) {
            String value = request.header(header);
            if (value != null && !value.isBlank()) {
                return value.strip();
            }
        }
        return null;
    }
}
