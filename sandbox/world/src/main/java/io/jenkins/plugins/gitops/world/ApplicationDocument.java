package io.jenkins.plugins.gitops.world;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.world.ApplicationSpec.Source;
import io.jenkins.plugins.gitops.world.ApplicationStatus.Condition;
import io.jenkins.plugins.gitops.world.ApplicationStatus.Deployment;
import io.jenkins.plugins.gitops.world.ApplicationStatus.Operation;
import io.jenkins.plugins.gitops.world.ApplicationStatus.OperationState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** An application as Argo CD's API writes it: {@code v1alpha1Application} of {@code assets/swagger.json}. */
final class ApplicationDocument {

    private final ApplicationSpec spec;
    private final ApplicationStatus status;

    private ApplicationDocument(ApplicationSpec spec, ApplicationStatus status) {
        this.spec = spec;
        this.status = status;
    }

    /** All but {@code metadata.resourceVersion}. */
    static ObjectNode render(ApplicationSpec spec, ApplicationStatus status, Instant created) {
        var json = new ApplicationDocument(spec, status);
        ObjectNode application = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = application.putObject("metadata");
        metadata.put("name", spec.name);
        metadata.put("namespace", spec.namespace);
        metadata.put("creationTimestamp", time(created));
        if (!spec.labels.isEmpty()) {
            ObjectNode labels = metadata.putObject("labels");
            spec.labels.forEach(labels::put);
        }
        json.spec(application.putObject("spec"));
        json.status(application.putObject("status"));
        if (status.operation != null) {
            json.operation(application.putObject("operation"), status.operation);
        }
        return application;
    }

    /** Kubernetes knows whole seconds only. */
    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void times(ObjectNode node, String name, Instant instant) {
        if (instant != null) {
            node.put(name, time(instant));
        }
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private void spec(ObjectNode node) {
        node.put("project", spec.project);
        sources(node, spec.sources);
        destination(node);
        if (spec.automated) {
            node.putObject("syncPolicy").putObject("automated").put("prune", true);
        }
    }

    private void destination(ObjectNode node) {
        node.putObject("destination").put("server", spec.cluster).put("namespace", spec.destination);
    }

    private void sources(ObjectNode node, List<Source> sources) {
        if (spec.plural) {
            ArrayNode array = node.putArray("sources");
            sources.forEach(source -> source(array.addObject(), source));
        } else {
            source(node.putObject("source"), sources.get(0));
        }
    }

    private void source(ObjectNode node, Source source) {
        node.put("repoURL", source.repoUrl());
        if (!source.path().isEmpty()) {
            node.put("path", source.path());
        }
        if (!source.targetRevision().isEmpty()) {
            node.put("targetRevision", source.targetRevision());
        }
        if (spec.rendering != ImageRendering.PLAIN) {
            node.putObject("plugin");
        }
    }

    /** With several sources only the plural is filled. */
    private void revisions(ObjectNode node, List<String> revisions) {
        if (!spec.plural) {
            node.put("revision", revisions.isEmpty() ? "" : revisions.get(0));
        } else if (!revisions.isEmpty()) {
            texts(node.putArray("revisions"), revisions);
        }
    }

    private void operation(ObjectNode node, Operation operation) {
        ObjectNode sync = node.putObject("sync");
        revisions(sync, operation.revisions());
        sources(sync, operation.sources());
        initiator(node, operation.user());
        ObjectNode retry = node.putObject("retry");
        if (operation.retries() > 0) {
            retry.put("limit", operation.retries());
        }
    }

    private static void initiator(ObjectNode node, String user) {
        ObjectNode initiator = node.putObject("initiatedBy");
        if (user.isEmpty()) {
            initiator.put("automated", true);
        } else {
            initiator.put("username", user);
        }
    }

    private void status(ObjectNode node) {
        ObjectNode sync = node.putObject("sync");
        sync.put("status", status.sync);
        ObjectNode compared = sync.putObject("comparedTo");
        if (!status.comparedTo.isEmpty()) {
            sources(compared, status.comparedTo);
            destination(compared);
            revisions(sync, status.revisions);
        }
        ObjectNode health = node.putObject("health");
        if (!status.health.word().isEmpty()) {
            health.put("status", status.health.word());
        }
        if (!status.health.message().isEmpty()) {
            health.put("message", status.health.message());
        }
        times(health, "lastTransitionTime", status.health.since());
        if (!status.history.isEmpty()) {
            ArrayNode history = node.putArray("history");
            status.history.forEach(deployment -> deployment(history.addObject(), deployment));
        }
        if (!status.conditions.isEmpty()) {
            ArrayNode conditions = node.putArray("conditions");
            for (Condition condition : status.conditions) {
                conditions
                        .addObject()
                        .put("type", condition.type())
                        .put("message", condition.message())
                        .put("lastTransitionTime", time(condition.since()));
            }
        }
        times(node, "reconciledAt", status.reconciledAt);
        if (status.operationState != null) {
            operationState(node.putObject("operationState"), status.operationState);
        }
        ObjectNode summary = node.putObject("summary");
        if (!status.images.isEmpty()) {
            texts(summary.putArray("images"), status.images);
        }
        node.put("controllerNamespace", ArgoCdSimulator.NAMESPACE);
    }

    private void deployment(ObjectNode node, Deployment deployment) {
        if (!spec.plural) {
            node.put("revision", deployment.revisions().get(0));
        }
        node.put("deployedAt", time(deployment.deployedAt()));
        node.put("id", deployment.id());
        sources(node, deployment.sources());
        node.put("deployStartedAt", time(deployment.startedAt()));
        if (spec.plural) {
            texts(node.putArray("revisions"), deployment.revisions());
        }
        initiator(node, deployment.user());
    }

    private void operationState(ObjectNode node, OperationState state) {
        operation(node.putObject("operation"), state.operation());
        node.put("phase", state.phase());
        if (!state.message().isEmpty()) {
            node.put("message", state.message());
        }
        if (state.result()) {
            result(node.putObject("syncResult"), state);
        }
        node.put("startedAt", time(state.startedAt()));
        times(node, "finishedAt", state.finishedAt());
        if (state.retryCount() > 0) {
            node.put("retryCount", state.retryCount());
        }
    }

    private void result(ObjectNode node, OperationState state) {
        if (!state.hookPhase().isEmpty()) {
            node.putArray("resources")
                    .addObject()
                    .put("group", "batch")
                    .put("version", "v1")
                    .put("kind", "Job")
                    .put("namespace", spec.destination)
                    .put("name", "postsync")
                    .put("hookType", "PostSync")
                    .put("hookPhase", state.hookPhase())
                    .put("syncPhase", "PostSync");
        }
        // Unlike elsewhere the singular is always there.
        node.put("revision", "");
        revisions(node, state.operation().revisions());
        sources(node, state.operation().sources());
    }
}
