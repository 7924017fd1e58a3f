package io.jenkins.plugins.gitops.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.SecretScope;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code POST status/<repo>}. What a forge sends is a hint: whether it is so is asked of the forge. The generic form is
 * the verdict itself, so it has a secret of its own.
 */
final class StatusEndpoint implements Endpoint {

    /** How many reports may wait at once for a git server to keep them. */
    private static final int WAITING = 16;

    private static final int SECONDS_TO_KEEP = 10;

    private final RequestAuthenticator doorkeeper;
    private final DeliveryLog deliveries = new DeliveryLog();
    private final Semaphore waiting = new Semaphore(WAITING);

    StatusEndpoint(RequestAuthenticator doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    @Override
    public WebResponse answer(List<String> names, WebRequest request) throws HttpRejection {
        String repository = names.get(0);
        Optional<WebhookSource> forge = WebhookSource.of(request);
        return forge.isPresent() ? hint(repository, forge.get(), request) : verdict(repository, request);
    }

    private WebResponse hint(String repository, WebhookSource forge, WebRequest request) throws HttpRejection {
        RequestAuthenticator.Admitted admitted =
                doorkeeper.admit(repository, SecretScope.FORGE, forge.proof(), request, Json.MAX_BYTES);
        RequestAuthenticator.needJson(request);
        json(admitted.body());
        DriverRegistry drivers = DriverRegistry.get();
        drivers.hooks().delivered(repository, forge.source());
        if (!forge.triggersPoll(request)) {
            return WebResponse.sentence(202, "Nothing follows from this event.");
        }
        String delivery = forge.delivery(request);
        String id = delivery == null ? null : repository + "/" + forge + "/" + delivery;
        if (id != null && deliveries.has(id)) {
            return WebResponse.sentence(202, "This was delivered before.");
        }
        look(repository);
        if (id != null) {
            deliveries.add(id);
        }
        return WebResponse.sentence(202, "The repository " + repository + " is looked at.");
    }

    /** Has a repository looked at, or says why that cannot be. */
    static void look(String repository) throws HttpRejection {
        try {
            DriverRegistry.get().lookNow(repository);
        } catch (IllegalArgumentException e) {
            throw new HttpRejection(WebResponse.unavailable(e.getMessage()));
        }
    }

    private static JsonNode json(byte[] body) throws HttpRejection {
        try {
            JsonNode root = Json.parse(body);
            if (!root.isObject()) {
                throw new HttpRejection(400, "The body is no JSON object.");
            }
            return root;
        } catch (MalformedJsonException e) {
            throw new HttpRejection(400, "The body " + e.getMessage() + ".");
        }
    }

    private WebResponse verdict(String name, WebRequest request) throws HttpRejection {
        RequestAuthenticator.Admitted admitted = doorkeeper.admit(name, SecretScope.REPORTERS, SignatureScheme.ANY, request, Json.MAX_BYTES);
        RequestAuthenticator.needJson(request);
        CheckReport report =
                StatusReportParser.read(json(admitted.body()), DriverRegistry.get().clock().instant());
        mayReport(admitted.repository(), report.context());
        DriverRegistry.get().hooks().delivered(name, RequiredCheck.REPORTED);
        if (!waiting.tryAcquire()) {
            throw new HttpRejection(WebResponse.sentence(429, "Too many reports wait to be kept; send it again.")
                    .with(Map.of("Retry-After", "5")));
        }
        try {
            boolean waitedFor = kept(DriverRegistry.get().submit(name, new DriverRequest.RecordReport(report)));
            return WebResponse.sentence(
                    202, waitedFor ? "The report is kept." : "No change of the repository waits for this commit.");
        } finally {
            waiting.release();
        }
    }

    /** A check that names jobs as its reporters is theirs alone. */
    private static void mayReport(RepositoryDefinition repository, String check) throws HttpRejection {
        RequiredCheck required = repository.toSettings().requiredChecks().stream()
                .filter(each -> each.name().equals(check) && each.source().equals(RequiredCheck.REPORTED))
                .findFirst()
                .orElseThrow(
                        () -> new HttpRejection(404, "The repository takes no reports of a check of that \"context\"."));
        if (!required.reporters().isEmpty()) {
            throw new HttpRejection(403, "This check is reported by the jobs that its reporters name, and by nobody else.");
        }
    }

    /** The answer waits until the report is kept in git: nobody could be asked for a verdict that was lost. */
    private static boolean kept(CompletableFuture<Boolean> report) throws HttpRejection {
        try {
            return report.get(SECONDS_TO_KEEP, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new HttpRejection(WebResponse.unavailable(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw new HttpRejection(WebResponse.unavailable("The report is not kept yet; send it again."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpRejection(WebResponse.unavailable("Jenkins is shutting down."));
        }
    }
}
