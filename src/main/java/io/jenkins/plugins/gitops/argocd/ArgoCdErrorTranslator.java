package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.ConnectionFailure;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Translates failed calls of an Argo CD server to errors whose messages say what is wrong and what to do. */
final class ArgoCdErrorTranslator {

    private static final Logger LOGGER = Logger.getLogger(ArgoCdErrorTranslator.class.getName());

    /**
     * What Argo CD says, with 403, where a sync window of the project forbids a synchronisation that somebody asks for
     * ({@code Sync} of its server/application/application.go).
     */
    private static final String SYNC_WINDOW = "blocked by sync window";

    private final String server;
    private final String url;

    /** Removes the last tokens from what the server answers. */
    private volatile SecretRedaction redaction = SecretRedaction.NONE;

    ArgoCdErrorTranslator(ArgoCdSettings settings) {
        this.server = "The Argo CD server " + settings.name();
        this.url = settings.url();
    }

    /** Removes a token, which is about to be sent, from all later errors; returns what removes it. */
    SecretRedaction remember(String token) {
        redaction = redaction.and(List.of(token));
        return redaction;
    }

    ArgoCdUnavailable streamEnded() {
        return new ArgoCdUnavailable(server + " ended its stream.");
    }

    ArgoCdUnavailable unusableToken() {
        return new ArgoCdUnavailable(server
                + " has a token with characters that no token has: store it anew in the credentials of this server.");
    }

    ArgoCdUnavailable noTokenInTime() {
        return new ArgoCdUnavailable(
                server + " is not asked: its token could not be looked up in time; it is tried again.");
    }

    ArgoCdUnavailable explain(Throwable failure) {
        return explain(failure, this::describeResponse);
    }

    /** Explains why an application is not synchronised: Argo CD's reason is told, not taken for a fault of the server. */
    ArgoCdUnavailable explainSync(ApplicationId application, Throwable failure) {
        return explain(
                failure,
                refusal -> describeSyncRefusal(application, refusal).orElseGet(() -> describeResponse(refusal)));
    }

    private ArgoCdUnavailable explain(Throwable failure, Function<ArgoCdHttpException, String> describe) {
        Throwable cause = Futures.cause(failure);
        if (cause instanceof ArgoCdUnavailable explained) {
            return explained;
        }
        if (cause instanceof ArgoCdHttpException refusal) {
            return new ArgoCdUnavailable(
                    server + " " + redaction.redact(describe.apply(refusal)),
                    refusal.retryAfter().orElse(null),
                    redaction.redact(refusal));
        }
        if (cause instanceof MalformedJsonException) {
            return unavailable(
                    "sent an answer that cannot be used: it " + SingleLine.excerpt(cause.getMessage())
                            + ". Check that its url " + url + " leads to Argo CD.",
                    cause);
        }
        Optional<String> broken = ConnectionFailure.describe(cause, "its url");
        if (broken.isPresent()) {
            return unavailable(broken.get(), cause);
        }
        LOGGER.log(Level.WARNING, server + " cannot be asked", redaction.redact(cause));
        return unavailable(
                "cannot be asked: " + cause.getClass().getSimpleName() + ". Jenkins' log has the details.", cause);
    }

    private ArgoCdUnavailable unavailable(String what, Throwable cause) {
        return new ArgoCdUnavailable(server + " " + redaction.redact(what), null, redaction.redact(cause));
    }

    private static Optional<String> describeSyncRefusal(ApplicationId application, ArgoCdHttpException refusal) {
        String words = refusal.getMessage();
        if (refusal.isOfArgoCd(403)) {
            return Optional.of(
                    words.contains(SYNC_WINDOW)
                            ? "does not synchronise " + application.name() + " now (" + words
                                    + "): wait until the window of its project lets it, or give the window manualSync: true."
                            : "does not let the token synchronise its applications (" + words
                                    + "): grant it \"p, <role>, applications, sync, <project>/*, allow\".");
        }
        return Optional.of("refuses to synchronise " + application.name() + ": " + words + ".")
                .filter(sentence -> refusal.isOfArgoCd(400) || refusal.isOfArgoCd(404) || refusal.isOfArgoCd(409));
    }

    private String describeResponse(ArgoCdHttpException refusal) {
        String words = refusal.getMessage().isEmpty() ? "" : " (" + refusal.getMessage() + ")";
        int status = refusal.status();
        return switch (status) {
            case 200 ->
                "answered with a web page: its url " + url + " leads to a login page or a proxy, not to Argo CD.";
            case 401 ->
                "refuses the token" + words + ": it is wrong or expired. Make a new one, for instance with \"argocd "
                        + "proj role create-token\", and store it in the credentials of this server.";
            case 403 ->
                "does not let the token see its applications" + words + ": grant it \"p, <role>, applications, get, "
                        + "<project>/*, allow\".";
            case 404 -> "has no Argo CD at " + url + words + ": check its url, with the path prefix if it has one.";
            case 429 -> "asks for fewer requests" + words + "; it is left alone for a while and asked again.";
            default -> {
                if (status >= 300 && status < 400) {
                    yield "redirects"
                            + refusal.location().map(to -> " to " + to).orElse("")
                            + ", which is not followed, so that the token reaches nobody else: set its url to the "
                            + "address that answers itself.";
                }
                yield "answers with status " + status + words + ": look at its argocd-server and at what is before it.";
            }
        };
    }
}
