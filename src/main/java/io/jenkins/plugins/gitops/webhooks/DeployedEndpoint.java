package io.jenkins.plugins.gitops.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.Wave;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST deployed/<repo>/<wave>}: a hint that Argo CD or Flux has deployed. It only makes the driver ask them and
 * git now, so that one that is sent again does no harm. Any content type is accepted, since a hook that posts with curl
 * declares a form.
 *
 * <p>The body is a JSON object such as {@code {"application": "staging-eu-1", "namespace": "argocd", "revision": "...",
 * "phase": "Succeeded"}}, of which all but {@code application} may be absent; or an event of Flux (notification API,
 * v1beta3), of which {@code involvedObject.name} is needed.
 */
final class DeployedEndpoint implements WebEndpoint {

    static final String SOURCE = "argocd";
    static final String FLUX_SOURCE = "flux";

    private static final int MAX_BODY = 64 * 1024;

    private final RequestAuthenticator authenticator;
    private final DeliveryStore deliveries;

    DeployedEndpoint(RequestAuthenticator authenticator, DeliveryStore deliveries) {
        this.authenticator = authenticator;
        this.deliveries = deliveries;
    }

    @Override
    public WebResponse answer(List<String> names, WebRequest request) throws HttpRejection, IOException {
        String repository = names.get(0);
        boolean isOfFlux = SignatureScheme.firstHeader(request, SignatureScheme.FLUX_SIGNATURE) != null;
        String source = isOfFlux ? FLUX_SOURCE : SOURCE;
        RequestAuthenticator.AuthenticatedRequest authenticated = authenticator.authenticate(
                repository,
                SecretScope.DEPLOYED,
                isOfFlux ? SignatureScheme.FLUX : SignatureScheme.REQUEST,
                request,
                RequestBodyReader.Limit.of(MAX_BODY));
        List<Wave> waves = authenticated.repository().toSettings().waves();
        if (waves.stream().map(Wave::name).noneMatch(names.get(1)::equals)) {
            throw new HttpRejection(404, "The repository " + repository + " has no such wave.");
        }
        Optional<String> problem = problem(authenticated.body().bytes(), isOfFlux);
        if (problem.isPresent()) {
            throw new HttpRejection(400, "The body " + problem.get() + ".");
        }
        return deliveries.once(source, authenticated, request, () -> {
            DriverRegistry.get().hooks().delivered(repository, source);
            StatusEndpoint.pollNow(repository);
            return WebResponse.sentence(202, "The repository " + repository + " is looked at.");
        });
    }

    private static Optional<String> problem(byte[] body, boolean isOfFlux) {
        JsonNode root;
        try {
            root = Json.parse(body);
        } catch (MalformedJsonException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        if (isOfFlux) {
            JsonNode name = root.path("involvedObject").path("name");
            return name.isTextual() && !name.asText().isBlank()
                    ? Optional.empty()
                    : Optional.of("is not an event of Flux: it has no \"involvedObject\" with a \"name\"");
        }
        if (root.path("application").asText("").isBlank()) {
            return Optional.of("does not name the \"application\"");
        }
        for (String field : List.of("application", "namespace", "revision", "phase")) {
            if (root.has(field) && !root.get(field).isTextual()) {
                return Optional.of("has a \"" + field + "\" that is not a text");
            }
        }
        return Optional.empty();
    }
}
