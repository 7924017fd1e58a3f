package io.jenkins.plugins.gitops.webhooks;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The forges that send webhooks. Gitea and Forgejo send GitHub's headers as well, so they are looked for before GitHub.
 */
enum WebhookSource {
    /** For statuses some versions leave the event empty and name it in the event type. */
    GITEA(
            "gitea",
            SignatureScheme.GITEA,
            Set.of("status", "push", "workflow_run", "workflow_job"),
            new String[] {"X-Gitea-Event", "X-Forgejo-Event", "X-Gitea-Event-Type", "X-Forgejo-Event-Type"},
            new String[] {"X-Gitea-Delivery", "X-Forgejo-Delivery"}),
    GITHUB(
            "github",
            SignatureScheme.GITHUB,
            Set.of("status", "check_run", "check_suite", "workflow_run", "push"),
            new String[] {"X-GitHub-Event"},
            new String[] {"X-GitHub-Delivery"}),
    /** When a delivery is repeated, its idempotency key stays the same; the UUIDs of older versions change. */
    GITLAB(
            "gitlab",
            SignatureScheme.GITLAB,
            Set.of("Pipeline Hook", "Job Hook", "Push Hook"),
            new String[] {"X-Gitlab-Event"},
            new String[] {"Idempotency-Key", "X-Gitlab-Event-UUID"}),
    /** Cloud and Data Center share the header of the event. */
    BITBUCKET(
            "bitbucket",
            SignatureScheme.BITBUCKET,
            Set.of("repo:push", "repo:commit_status_created", "repo:commit_status_updated", "repo:refs_changed"),
            new String[] {"X-Event-Key"},
            new String[] {"X-Request-UUID", "X-Request-Id"});

    /** The header by which the webhook of another forge is known, by the name of the forge. */
    private static final Map<String, String> UNSUPPORTED = Map.of("Gogs", "X-Gogs-Event");

    private final String source;
    private final SignatureScheme signatureScheme;
    private final Set<String> events;
    private final String[] eventHeaders;
    private final String[] deliveryHeaders;

    WebhookSource(
            String source,
            SignatureScheme signatureScheme,
            Set<String> events,
            String[] eventHeaders,
            String[] deliveryHeaders) {
        this.source = source;
        this.signatureScheme = signatureScheme;
        this.events = events;
        this.eventHeaders = eventHeaders;
        this.deliveryHeaders = deliveryHeaders;
    }

    /** The forge whose headers a request has. */
    static Optional<WebhookSource> of(WebRequest request) {
        for (WebhookSource forge : values()) {
            for (String header : forge.eventHeaders) {
                if (request.header(header) != null) {
                    return Optional.of(forge);
                }
            }
        }
        return Optional.empty();
    }

    /** Why the webhook of a forge that is not among these is refused; empty if it is not known as that of one. */
    static Optional<String> unsupported(WebRequest request) {
        for (Map.Entry<String, String> each : UNSUPPORTED.entrySet()) {
            if (request.header(each.getValue()) != null) {
                return Optional.of("Webhooks of " + each.getKey() + " are not supported, and without one the repository"
                        + " is looked at in its poll interval. Have the CI report each verdict, by the step"
                        + " reportCiStatus or the generic form of this request.");
            }
        }
        return Optional.empty();
    }

    /** The name of the check source that reads verdicts from this forge. */
    String source() {
        return source;
    }

    SignatureScheme signatureScheme() {
        return signatureScheme;
    }

    /** Whether the event of a request may have changed a verdict. */
    boolean triggersPoll(WebRequest request) {
        String event = SignatureScheme.firstHeader(request, eventHeaders);
        return event != null && events.contains(event);
    }

    /** The id that stays the same when the forge repeats the delivery, if the request has one. */
    Optional<String> deliveryId(WebRequest request) {
        return Optional.ofNullable(SignatureScheme.firstHeader(request, deliveryHeaders));
    }
}
