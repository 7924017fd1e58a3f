package io.jenkins.plugins.gitops.webhooks;

import com.google.common.annotations.VisibleForTesting;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import io.jenkins.plugins.gitops.triggers.AnnouncementBuildStarter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Routes requests below {@code /gitops-waves/} to their endpoints, independently of the HTTP server. */
@Restricted(NoExternalUse.class)
public final class EndpointRouter {

    /** The first part of all paths, without slashes. */
    public static final String ROOT = "gitops-waves";

    private static final String NAME = "/[A-Za-z0-9][A-Za-z0-9._-]*";
    private static final Pattern WEBHOOK_PATH =
            Pattern.compile("/(images|status)" + NAME + "|/(deployed|verify)" + NAME + NAME);

    private final Map<String, Route> routes;

    /**
     * A kind of path, and the endpoint that answers it.
     *
     * @param names how many names follow the first part of the path
     */
    private record Route(String method, int names, WebEndpoint endpoint) {}

    /**
     * Creates the endpoints.
     *
     * @param buildStarter starts the builds that announced images trigger
     */
    public EndpointRouter(AnnouncementBuildStarter buildStarter) {
        this(buildStarter, System::nanoTime);
    }

    /** For tests, with the clock that limits the time for reading a body. */
    @VisibleForTesting
    EndpointRouter(AnnouncementBuildStarter buildStarter, LongSupplier nanos) {
        RequestAuthenticator authenticator = new RequestAuthenticator(new RequestBodyReader(nanos), SharedSecret::find);
        DeliveryStore deliveries = new DeliveryStore();
        routes = Map.of(
                "deployed", new Route("POST", 2, new DeployedEndpoint(authenticator, deliveries)),
                "images", new Route("POST", 1, new ImagesEndpoint(authenticator, deliveries, buildStarter)),
                "verify", new Route("POST", 2, new VerifyEndpoint(authenticator, deliveries)),
                "status", new Route("POST", 1, new StatusEndpoint(authenticator, deliveries)),
                "state", new Route("GET", 1, new StateEndpoint()));
    }

    /** Whether other systems post to this path: they authenticate by a secret and send no crumb of Jenkins. */
    static boolean isWebhookPath(String path) {
        return WEBHOOK_PATH.matcher(path).matches();
    }

    /** Answers a request. The work that it triggers may continue after the answer. */
    public WebResponse answer(WebRequest request) throws IOException {
        List<String> parts = Arrays.asList(request.path().split("/", -1));
        Route route = parts.size() < 2 ? null : routes.get(parts.get(1));
        if (route == null || parts.size() != 2 + route.names()) {
            return WebResponse.sentence(
                    404,
                    "There are images/<repository>, status/<repository>, deployed/<repository>/<wave>,"
                            + " verify/<repository>/<wave> and state/<repository> under /" + ROOT + ".");
        }
        if (!request.method().equals(route.method())) {
            return WebResponse.sentence(405, "Only " + route.method() + " is answered here.")
                    .with(Map.of("Allow", route.method()));
        }
        try {
            return route.endpoint().answer(parts.subList(2, parts.size()), request);
        } catch (HttpRejection e) {
            return e.response();
        }
    }
}
