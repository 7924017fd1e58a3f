package io.jenkins.plugins.gitops.flux;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_OK;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.ConnectionFailure;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.util.Optional;

/** Translates failed calls of a cluster to errors whose messages say what is wrong and what to do. */
final class ClusterErrorTranslator {

    private static final int HTTP_TOO_MANY_REQUESTS = 429;

    private final ClusterSettings settings;

    /** Removes the last tokens from what the server answers. */
    private volatile SecretRedaction redaction = SecretRedaction.NONE;

    /** The login of the last request. */
    private volatile Optional<ClusterLogin> last = Optional.empty();

    ClusterErrorTranslator(ClusterSettings settings) {
        this.settings = settings;
    }

    /** Removes the token of a login, which is about to be sent, from all later errors; returns what removes it. */
    SecretRedaction remember(ClusterLogin login) {
        last = Optional.of(login);
        redaction = redaction.and(login.token().stream().toList());
        return redaction;
    }

    private String url() {
        return last.map(ClusterLogin::url).orElse(settings.url());
    }

    /** What the server knows this controller by. */
    private String proof() {
        return last.flatMap(ClusterLogin::token).isPresent() ? "token" : "client certificate";
    }

    ClusterUnavailable unusableToken() {
        return unavailable("has a token with characters that no token has: store it anew in its credentials.", null);
    }

    ClusterUnavailable tooMany(FluxKind kind) {
        return unavailable(
                "has more than " + KubernetesClient.MOST_OBJECTS + " objects of the kind " + kind
                        + ": set its namespace to the one that is meant.",
                null);
    }

    ClusterUnavailable noLoginInTime() {
        return unavailable("is not asked: its credentials could not be looked up in time; it is tried again.", null);
    }

    ClusterUnavailable explain(FluxKind kind, Throwable failure) {
        Throwable cause = Futures.cause(failure);
        if (cause instanceof ClusterUnavailable explained) {
            return explained;
        }
        if (cause instanceof KubernetesHttpException refusal) {
            return new ClusterUnavailable(
                    "The cluster " + settings.name() + " " + redaction.redact(describe(kind, refusal)),
                    refusal.retryAfter().orElse(null),
                    redaction.redact(refusal));
        }
        if (cause instanceof MalformedJsonException) {
            return unavailable(
                    "sent an answer that cannot be used: it " + SingleLine.excerpt(cause.getMessage())
                            + ". Check that its url " + url() + " leads to an API server of Kubernetes.",
                    cause);
        }
        return unavailable(
                ConnectionFailure.describe(cause, "its url")
                        .orElseGet(() -> "cannot be asked: " + cause.getClass().getSimpleName() + "."),
                cause);
    }

    private ClusterUnavailable unavailable(String what, @Nullable Throwable cause) {
        return new ClusterUnavailable(
                "The cluster " + settings.name() + " " + redaction.redact(what),
                null,
                cause == null ? null : redaction.redact(cause));
    }

    private String describe(FluxKind kind, KubernetesHttpException refusal) {
        String words = refusal.getMessage().isEmpty() ? "" : " (" + refusal.getMessage() + ")";
        int status = refusal.status();
        return switch (status) {
            case HTTP_OK -> "answered with a web page: its url " + url() + " leads to a login page or a proxy.";
            case HTTP_UNAUTHORIZED ->
                "refuses the " + proof() + words + ": it is wrong or expired; store a new one in its credentials.";
            case HTTP_FORBIDDEN ->
                "does not let the " + proof() + " read the objects of the kind " + kind + words
                        + ": grant it the verbs get, list and"
                        + " watch on " + kind.resource() + " of " + kind.group()
                        + (settings.namespace().isEmpty() ? " in all namespaces" : " in " + settings.namespace())
                        + ", and patch where it is to reconcile.";
            case HTTP_NOT_FOUND ->
                "has no objects of the kind " + kind + words + ": check its url, and that Flux is installed there in a"
                        + " version that serves " + kind.path("") + ".";
            case HTTP_TOO_MANY_REQUESTS ->
                "asks for fewer requests" + words + "; it is left alone for a while and asked again.";
            default ->
                status >= 300 && status < 400
                        ? "redirects, which is not followed, so that the token reaches nobody else: set its url to the"
                                + " address that answers itself."
                        : "answers with status " + status + words + "; it is asked again.";
        };
    }
}
