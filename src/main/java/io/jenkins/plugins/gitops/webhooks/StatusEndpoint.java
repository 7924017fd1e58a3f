package io.jenkins.plugins.gitops.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code POST status/<repo>}. The webhook of a forge is a hint, which only makes the driver ask the forge now. The
 * generic form, which no forge sends, is a verdict itself, so it has a secret of its own.
 */
final class StatusEndpoint implements WebEndpoint {

    /** The number of reports to one repository that may wait at once until its git server has taken them. */
    private static final int MAX_WAITING = 16;

    private static final int SECONDS_TO_STORE = 10;

    /** The webhook of a forge; GitHub sends up to 25 MB. Nothing is done with what it says, so little of it is kept. */
    private static final RequestBodyReader.Limit HINT = new RequestBodyReader.Limit(25 << 20, Json.MAX_BYTES);

    private final RequestAuthenticator authenticator;
    private final DeliveryStore deliveries;

    /** By the names of configured repositories: a slow git server keeps no report from another one. */
    private final Map<String, Semaphore> waiting = new ConcurrentHashMap<>();

    StatusEndpoint(RequestAuthenticator authenticator, DeliveryStore deliveries) {
        this.authenticator = authenticator;
        this.deliveries = deliveries;
    }

    @Override
    public WebResponse answer(List<String> names, WebRequest request) throws HttpRejection, IOException {
        String repository = names.get(0);
        Optional<WebhookSource> forge = WebhookSource.of(request);
        Optional<String> unsupported = WebhookSource.unsupported(request);
        if (forge.isEmpty() && unsupported.isPresent()) {
            throw new HttpRejection(400, unsupported.get());
        }
        return forge.isPresent() ? acceptHint(repository, forge.get(), request) : acceptReport(repository, request);
    }

    private WebResponse acceptHint(String repository, WebhookSource forge, WebRequest request)
            throws HttpRejection, IOException {
        RequestAuthenticator.AuthenticatedRequest authenticated =
                authenticator.authenticate(repository, SecretScope.FORGE, forge.signatureScheme(), request, HINT);
        // A form has the same JSON in it, of which nothing is used.
        if (!FormPayload.isForm(request)) {
            RequestAuthenticator.requireJson(request);
            if (authenticated.body().kept()) {
                parseObject(authenticated.body().bytes());
            }
        }
        DriverRegistry.get().hooks().delivered(repository, forge.source());
        if (!forge.triggersPoll(request)) {
            return WebResponse.sentence(202, "Nothing follows from this event.");
        }
        DeliveryLog.Execution look = () -> {
            pollNow(repository);
            return WebResponse.sentence(202, "The repository " + repository + " is looked at.");
        };
        Optional<String> id = forge.deliveryId(request);
        return id.isPresent()
                ? deliveries
                        .log(repository, forge.source())
                        .once(new DeliveryLog.Delivery(id.get(), "", Instant.EPOCH), look)
                : look.run();
    }

    /** Makes the driver of a repository poll now; 503 if the repository has no driver. */
    static void pollNow(String repository) throws HttpRejection {
        try {
            DriverRegistry.get().pollNow(repository);
        } catch (IllegalArgumentException e) {
            throw new HttpRejection(WebResponse.unavailable(e.getMessage()));
        }
    }

    private static JsonNode parseObject(byte[] body) throws HttpRejection {
        try {
            JsonNode root = Json.parse(body);
            if (!root.isObject()) {
                throw new HttpRejection(400, "The body is not a JSON object.");
            }
            return root;
        } catch (MalformedJsonException e) {
            throw new HttpRejection(400, "The body " + e.getMessage() + ".");
        }
    }

    private WebResponse acceptReport(String name, WebRequest request) throws HttpRejection, IOException {
        RequestAuthenticator.AuthenticatedRequest authenticated = authenticator.authenticate(
                name,
                SecretScope.REPORTERS,
                SignatureScheme.REQUEST,
                request,
                RequestBodyReader.Limit.of(Json.MAX_BYTES));
        RequestAuthenticator.requireJson(request);
        CheckReport report = StatusReportParser.parse(
                parseObject(authenticated.body().bytes()),
                DriverRegistry.get().clock().instant());
        requireReportable(authenticated.repository(), report.status().context());
        return deliveries.once(RequiredCheck.REPORTED, authenticated, request, () -> keep(name, report));
    }

    private WebResponse keep(String name, CheckReport report) throws HttpRejection {
        DriverRegistry.get().hooks().delivered(name, RequiredCheck.REPORTED);
        Semaphore places = waiting.computeIfAbsent(name, first -> new Semaphore(MAX_WAITING));
        if (!places.tryAcquire()) {
            throw new HttpRejection(WebResponse.sentence(429, "Too many reports wait to be kept; send it again.")
                    .with(Map.of("Retry-After", "5")));
        }
        try {
            boolean waitedFor = awaitStored(name, new DriverRequest.RecordReport(report));
            return WebResponse.sentence(
                    202, waitedFor ? "The report is kept." : "No change of the repository waits for this commit.");
        } finally {
            places.release();
        }
    }

    /** 404 if no required check takes this report, 403 if only jobs may report the check. */
    private static void requireReportable(RepositoryDefinition repository, String check) throws HttpRejection {
        RequiredCheck required = repository.toSettings().requiredChecks().stream()
                .filter(each -> each.name().equals(check) && each.source().equals(RequiredCheck.REPORTED))
                .findFirst()
                .orElseThrow(() ->
                        new HttpRejection(404, "The repository takes no reports of a check of that \"context\"."));
        if (!required.reporters().isEmpty()) {
            throw new HttpRejection(
                    403, "This check is reported by the jobs that its reporters name, and by nobody else.");
        }
    }

    /** Waits until the report is stored in git, since a lost report could not be asked for again. */
    private static boolean awaitStored(String repository, DriverRequest.RecordReport report) throws HttpRejection {
        var withdrawal = new RequestWithdrawal();
        try {
            return DriverRegistry.get().submit(repository, report, withdrawal).get(SECONDS_TO_STORE, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new HttpRejection(WebResponse.unavailable(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw new HttpRejection(WebResponse.unavailable(
                    withdrawal.withdraw()
                            ? "The report is not kept; send it again."
                            : "The report is being kept; send it again to be sure."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpRejection(WebResponse.unavailable("Jenkins is shutting down."));
        }
    }
}
