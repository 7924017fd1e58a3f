package io.jenkins.plugins.gitops.webhooks;

import com.google.common.annotations.VisibleForTesting;
import io.jenkins.plugins.gitops.triggers.AnnouncementBuildStarter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Answers what is asked under {@code /gitops-waves/} (spec section 5), whatever server takes the requests. */
@Restricted(NoExternalUse.class)
public final class EndpointRouter {

    /** The first part of all paths. */
    public static final String ROOT = "gitops-waves";

    private static final String NAME = "/[A-Za-z0-9][A-Za-z0-9._-]*";
    private static final Pattern HOOK = Pattern.compile("/(images|status)" + NAME + "|/deployed" + NAME + NAME);

    private final Map<String, Route> routes;

    /**
     * What may follow the first name of a path.
     *
     * @param names how many names follow
     */
    private record Route(String method, int names, Endpoint endpoint) {}

    /**
     * Makes the endpoints.
     *
     * @param builds starts what waits for announced images
     */
    public EndpointRouter(AnnouncementBuildStarter builds) {
        this(builds, System::nanoTime);
    }

    /** Lets tests say how time passes while a body is read. */
    @VisibleForTesting
    EndpointRouter(AnnouncementBuildStarter builds, LongSupplier nanos) {
        RequestAuthenticator doorkeeper = new RequestAuthenticator(new RequestBodyReader(nanos));
        routes = Map.of(
                "deployed", new Route("POST", 2, new DeployedEndpoint(doorkeeper)),
                "images", new Route("POST", 1, new ImagesEndpoint(doorkeeper, builds)),
                "status", new Route("POST", 1, new StatusEndpoint(doorkeeper)),
                "state", new Route("GET", 1, new StateEndpoint()));
    }

    /** Whether a path is one that other systems post to, which cannot know a crumb and prove themselves otherwise. */
    static boolean isHook(String path) {
        return HOOK.matcher(path).matches();
    }

    /** Answers a request at once; what follows from it is done later. */
    public WebResponse answer(WebRequest request) throws IOException {
        List<String> parts = Arrays.asList(request.path().split("/", -1));
        Route route = parts.size() < 2 ? null : routes.get(parts.get(1));
        if (route == null || parts.size() != 2 + route.names()) {
            return WebResponse.sentence(
                    404,
                    "There are images/<repository>, status/<repository>, deployed/<repository>/<wave> and"
                            + " state/<repository> under /" + ROOT + ".");
        }
        if (!request.method().equals(route.method())) {
            return WebResponse.sentence(405, "Only " + route.method() + " is answered here.")
                    .with(Map.of("Allow", route.method()));
        }
        try {
            return route.endpoint().answer(parts.subList(2, parts.size()), request);
        } catch (HttpRejection e) {
            return e.answer();
        }
    }
}
