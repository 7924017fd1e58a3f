package io.jenkins.plugins.gitops.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code POST verify/<repo>/<wave>}: the result of a verification that has no job, such as {@code {"name": "load",
 * "state": "success", "revision": "…", "targetUrl": "…", "description": "…"}}; all but the first two may be absent, and
 * {@code "set"} names the image set where there are several. It is answered once it is kept in git, since a lost result
 * could not be asked for again.
 */
final class VerifyEndpoint implements WebEndpoint {

    private static final String KIND = "verify";
    private static final int MAX_BODY = 64 * 1024;
    private static final int SECONDS_TO_STORE = 20;

    private final RequestAuthenticator authenticator;
    private final DeliveryStore deliveries;

    VerifyEndpoint(RequestAuthenticator authenticator, DeliveryStore deliveries) {
        this.authenticator = authenticator;
        this.deliveries = deliveries;
    }

    @Override
    public WebResponse answer(List<String> names, WebRequest request) throws HttpRejection, IOException {
        String repository = names.get(0);
        RequestAuthenticator.AuthenticatedRequest authenticated = authenticator.authenticate(
                repository, SecretScope.VERIFY, SignatureScheme.REQUEST, request, RequestBodyReader.Limit.of(MAX_BODY));
        RequestAuthenticator.requireJson(request);
        RepositorySettings settings = authenticated.repository().toSettings();
        if (settings.waves().stream().noneMatch(wave -> wave.name().equals(names.get(1)))) {
            throw new HttpRejection(404, "The repository " + repository + " has no such wave.");
        }
        StateCommand.ReportVerification report =
                parse(settings, names.get(1), authenticated.body().bytes());
        return deliveries.once(KIND, authenticated, request, () -> keep(repository, report));
    }

    private static StateCommand.ReportVerification parse(RepositorySettings settings, String wave, byte[] body)
            throws HttpRejection {
        JsonNode root;
        try {
            root = Json.parse(body);
        } catch (MalformedJsonException e) {
            throw new HttpRejection(400, "The body " + e.getMessage() + ".");
        }
        for (String field : List.of("name", "state", "set", "revision", "targetUrl", "description")) {
            if (root.has(field) && !root.get(field).isTextual()) {
                throw new HttpRejection(400, "The body has a \"" + field + "\" that is not a text.");
            }
        }
        String name = root.path("name").asText();
        String state = root.path("state").asText();
        if (name.isBlank() || !state.equals("success") && !state.equals("failure")) {
            throw new HttpRejection(
                    400,
                    "The body has to name the verification as \"name\", and to say success or failure as \"state\".");
        }
        try {
            Optional<String> set =
                    settings.imageSet(Optional.of(root.path("set").asText()).filter(given -> !given.isBlank()));
            Instant now = DriverRegistry.get().clock().instant().truncatedTo(ChronoUnit.SECONDS);
            return new StateCommand.ReportVerification(
                    new WavePath(wave, set),
                    name,
                    Optional.of(root.path("revision").asText()).filter(given -> !given.isBlank()),
                    state.equals("success"),
                    "verify/" + settings.name() + "/" + wave,
                    SingleLine.of(root.path("description").asText()),
                    AddressForm.webPage(root.path("targetUrl").asText()).orElse(""),
                    now);
        } catch (IllegalArgumentException e) {
            throw new HttpRejection(404, String.valueOf(e.getMessage()));
        }
    }

    private static WebResponse keep(String repository, StateCommand.ReportVerification report) throws HttpRejection {
        var withdrawal = new RequestWithdrawal();
        try {
            DriverRegistry.get()
                    .submit(repository, new DriverRequest.ApplyStateCommand(report), withdrawal)
                    .get(SECONDS_TO_STORE, TimeUnit.SECONDS);
            return WebResponse.sentence(202, "The result is kept.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RequestRefused refused
                    ? new HttpRejection(409, String.valueOf(refused.getMessage()))
                    : new HttpRejection(WebResponse.unavailable(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw new HttpRejection(WebResponse.unavailable(
                    withdrawal.withdraw()
                            ? "The result is not kept; send it again."
                            : "The result is being kept; send it again to be sure."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpRejection(WebResponse.unavailable("Jenkins is shutting down."));
        }
    }
}
