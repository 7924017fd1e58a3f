package io.jenkins.plugins.gitops.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.configuration.SecretScope;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.Wave;
import java.util.List;

/**
 * {@code POST deployed/<repo>/<wave>}: something says that Argo CD has deployed. It is a hint: whether that is so is
 * asked of Argo CD and git. The type of the body may be any, since a hook that posts with curl says that it is a form.
 */
final class DeployedEndpoint implements Endpoint {

    static final String SOURCE = "argocd";

    private static final int MAX_BODY = 64 * 1024;

    private final RequestAuthenticator doorkeeper;

    DeployedEndpoint(RequestAuthenticator doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    @Override
    public WebResponse answer(List<String> names, WebRequest request) throws HttpRejection {
        String repository = names.get(0);
        RequestAuthenticator.Admitted admitted = doorkeeper.admit(repository, SecretScope.DEPLOYED, SignatureScheme.ANY, request, MAX_BODY);
        List<Wave> waves = admitted.repository().toSettings().waves();
        if (waves.stream().map(Wave::name).noneMatch(names.get(1)::equals)) {
            throw new HttpRejection(404, "The repository " + repository + " has no such wave.");
        }
        String problem = problem(admitted.body());
        if (problem != null) {
            throw new HttpRejection(400, "The body " + problem + ".");
        }
        DriverRegistry.get().hooks().delivered(repository, SOURCE);
        StatusEndpoint.look(repository);
        return WebResponse.sentence(202, "The repository " + repository + " is looked at.");
    }

    /** What is wrong with the body, or null; its form is in spec section 8. */
    @CheckForNull
    private static String problem(byte[] body) {
        JsonNode root;
        try {
            root = Json.parse(body);
        } catch (MalformedJsonException e) {
            return e.getMessage();
        }
        if (root.path("application").asText("").isBlank()) {
            return "does not name the \"application\"";
        }
        for (String field : List.of("application", "namespace", "revision", "phase")) {
            if (root.has(field) && !root.get(field).isTextual()) {
                return "has a \"" + field + "\" that is no text";
            }
        }
        return null;
    }
}
