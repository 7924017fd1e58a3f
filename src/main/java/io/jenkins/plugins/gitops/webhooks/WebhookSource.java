package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Optional;
import java.util.Set;

/**
 * The forges whose webhooks are understood. Gitea and Forgejo send GitHub's headers as well, so they are recognised
 * before GitHub.
 */
enum WebhookSource {
    /** The event is empty in some versions for statuses, which then say it as a type. */
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
    /** The idempotency key stays the same when a delivery is tried again, the UUIDs of older versions do not. */
    GITLAB(
            "gitlab",
            SignatureScheme.GITLAB,
            Set.of("Pipeline Hook", "Job Hook", "Push Hook"),
            new String[] {"X-Gitlab-Event"},
            new String[] {"Idempotency-Key", "X-Gitlab-Event-UUID"});

    private final String source;
    private final SignatureScheme proof;
    private final Set<String> events;
    private final String[] eventHeaders;
    private final String[] deliveryHeaders;

    WebhookSource(String source, SignatureScheme proof, Set<String> events, String[] eventHeaders, String[] deliveryHeaders) {
        this.source = source;
        this.proof = proof;
        this.events = events;
        this.eventHeaders = eventHeaders;
        this.deliveryHeaders = deliveryHeaders;
    }

    /** The forge that a request says it is from. */
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

    /** The name of the source of verdicts that asks this forge. */
    String source() {
        return source;
    }

    SignatureScheme proof() {
        return proof;
    }

    /** Whether a request says that something may have changed that verdicts depend on. */
    boolean triggersPoll(WebRequest request) {
        String event = SignatureScheme.first(request, eventHeaders);
        return event != null && events.contains(event);
    }

    /** What is the same when the forge sends the same delivery again, if it says that. */
    @CheckForNull
    String delivery(WebRequest request) {
        return SignatureScheme.first(request, deliveryHeaders);
    }
}
