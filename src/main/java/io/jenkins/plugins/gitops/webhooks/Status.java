package io.jenkins.plugins.gitops.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.configuration.Drivers;
import io.jenkins.plugins.gitops.json.Json;
import io.jenkins.plugins.gitops.json.MalformedJsonException;
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
final class Status implements Endpoint {

    /** How many reports may wait at once for a git server to keep them. */
    private static final int WAITING = 16;

    private static final int SECONDS_TO_KEEP = 10;

    private final Doorkeeper doorkeeper;
    private final Deliveries deliveries = new Deliveries();
    private final Semaphore waiting = new Semaphore(WAITING);

    Status(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    @Override
    public WebAnswer answer(List<String> names, WebRequest request) throws Rejection {
        String repository = names.get(0);
        Optional<Forge> forge = Forge.of(request);
        return forge.isPresent() ? hint(repository, forge.get(), request) : verdict(repository, request);
    }

    private WebAnswer hint(String repository, Forge forge, WebRequest request) throws Rejection {
        Doorkeeper.Admitted admitted =
                doorkeeper.admit(repository, Purpose.FORGE, forge.proof(), request, Json.MAX_BYTES);
        Doorkeeper.needJson(request);
        json(admitted.body());
        Drivers drivers = Drivers.get();
        drivers.hooks().delivered(repository, forge.source());
        if (!forge.tellsNews(request)) {
            return WebAnswer.sentence(202, "Nothing follows from this event.");
        }
        String delivery = forge.delivery(request);
        String id = delivery == null ? null : repository + "/" + forge + "/" + delivery;
        if (id != null && deliveries.has(id)) {
            return WebAnswer.sentence(202, "This was delivered before.");
        }
        look(repository);
        if (id != null) {
            deliveries.add(id);
        }
        return WebAnswer.sentence(202, "The repository " + repository + " is looked at.");
    }

    /** Has a repository looked at, or says why that cannot be. */
    static void look(String repository) throws Rejection {
        try {
            Drivers.get().lookNow(repository);
        } catch (IllegalArgumentException e) {
            throw new Rejection(WebAnswer.unavailable(e.getMessage()));
        }
    }

    private static JsonNode json(byte[] body) throws Rejection {
        try {
            JsonNode root = Json.parse(body);
            if (!root.isObject()) {
                throw new Rejection(400, "The body is no JSON object.");
            }
            return root;
        } catch (MalformedJsonException e) {
            throw new Rejection(400, "The body " + e.getMessage() + ".");
        }
    }

    private WebAnswer verdict(String name, WebRequest request) throws Rejection {
        Doorkeeper.Admitted admitted = doorkeeper.admit(name, Purpose.REPORTERS, Proof.ANY, request, Json.MAX_BYTES);
        Doorkeeper.needJson(request);
        CheckReport report =
                Report.read(json(admitted.body()), Drivers.get().clock().instant());
        mayReport(admitted.repository(), report.context());
        Drivers.get().hooks().delivered(name, RequiredCheck.REPORTED);
        if (!waiting.tryAcquire()) {
            throw new Rejection(WebAnswer.sentence(429, "Too many reports wait to be kept; send it again.")
                    .with(Map.of("Retry-After", "5")));
        }
        try {
            boolean waitedFor = kept(Drivers.get().report(name, report));
            return WebAnswer.sentence(
                    202, waitedFor ? "The report is kept." : "No change of the repository waits for this commit.");
        } finally {
            waiting.release();
        }
    }

    /** A check that names jobs as its reporters is theirs alone. */
    private static void mayReport(ConfigRepository repository, String check) throws Rejection {
        RequiredCheck required = repository.toSettings().requiredChecks().stream()
                .filter(each -> each.name().equals(check) && each.source().equals(RequiredCheck.REPORTED))
                .findFirst()
                .orElseThrow(
                        () -> new Rejection(404, "The repository takes no reports of a check of that \"context\"."));
        if (!required.reporters().isEmpty()) {
            throw new Rejection(403, "This check is reported by the jobs that its reporters name, and by nobody else.");
        }
    }

    /** The answer waits until the report is kept in git: nobody could be asked for a verdict that was lost. */
    private static boolean kept(CompletableFuture<Boolean> report) throws Rejection {
        try {
            return report.get(SECONDS_TO_KEEP, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new Rejection(WebAnswer.unavailable(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            throw new Rejection(WebAnswer.unavailable("The report is not kept yet; send it again."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Rejection(WebAnswer.unavailable("Jenkins is shutting down."));
        }
    }
}
