package io.jenkins.plugins.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationCondition;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationResource;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationSource;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatus;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatusCode;
import io.jenkins.plugins.gitops.argocd.Application.Hydration;
import io.jenkins.plugins.gitops.argocd.Application.OperationPhase;
import io.jenkins.plugins.gitops.argocd.Application.SyncOperation;
import io.jenkins.plugins.gitops.argocd.Application.SyncPolicy;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatus;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatusCode;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Reads an application from Argo CD's JSON, the {@code v1alpha1Application} of its {@code assets/swagger.json}. A
 * missing field is read as empty, since Argo CD leaves out what has no value; a field of the wrong type is refused.
 */
final class ApplicationJson {

    /** With the value {@code true} Argo CD leaves an application as it is, whatever happens to it or in git. */
    private static final String SKIP_RECONCILE = "argocd.argoproj.io/skip-reconcile";

    /** Argo CD takes this annotation away when it begins to compare the application, which it was asked for. */
    private static final String REFRESH = "argocd.argoproj.io/refresh";

    /**
     * What Argo CD writes on each resource that it synchronises, {@code all:argoproj.io/Application:argocd/web}; one that
     * was copied from another resource means nothing ({@code util/argo/resource_tracking.go}).
     */
    private static final String TRACKING_ID = "argocd.argoproj.io/tracking-id";

    /** The number of resources that are kept of those that differ from git; sentences name the first few. */
    private static final int MOST_DIFFERENT = 10;

    private ApplicationJson() {}

    /**
     * Reads an application.
     *
     * @throws MalformedJsonException if it has no name, or a part of the wrong type
     */
    static VersionedApplication read(JsonNode node) {
        String name =
                new JsonObject(node, "an application", "").object("metadata").text("name");
        if (name.isEmpty()) {
            throw new MalformedJsonException("has an application without metadata.name");
        }
        JsonObject root = new JsonObject(node, name, "");
        JsonObject metadata = root.object("metadata");
        JsonObject spec = root.object("spec");
        JsonObject status = root.object("status");
        JsonObject health = status.object("health");
        JsonObject annotations = metadata.object("annotations");
        String project = spec.text("project");
        Application.Builder application = Application.builder(new ApplicationId(metadata.text("namespace"), name))
                .labels(metadata.texts("labels"))
                .applicationSet(applicationSet(metadata))
                .trackedBy(trackedBy(metadata, annotations.text(TRACKING_ID)))
                .deleting(!metadata.text("deletionTimestamp").isEmpty())
                .reconciled(!Boolean.parseBoolean(annotations.text(SKIP_RECONCILE)))
                .refreshRequested(!annotations.text(REFRESH).isEmpty())
                .sources(sources(spec))
                .syncPolicy(syncPolicy(spec.object("syncPolicy").object("automated")))
                .ofEarlierSpec(isOfEarlierSpec(spec, status.object("sync").object("comparedTo")))
                .hydration(hydration(spec, status.object("sourceHydrator")))
                .sync(sync(status.object("sync")))
                .health(new HealthStatus(
                        HealthStatusCode.of(health.text("status")), health.text("status"), health.text("message")))
                .operationRequested(root.object("operation").isThere())
                .operation(operation(status.object("operationState")))
                .conditions(status.objects("conditions").stream()
                        .map(condition -> new ApplicationCondition(condition.text("type"), condition.text("message")))
                        .toList())
                .resources(resources(status))
                .images(status.object("summary").list("images"))
                .reconciledAt(status.instant("reconciledAt"));
        if (!project.isEmpty()) {
            application.project(project);
        }
        return new VersionedApplication(application.build(), version(metadata.text("resourceVersion")));
    }

    /** Returns a resource version as a number; 0 if it is none. */
    static long version(String resourceVersion) {
        try {
            return Long.parseLong(resourceVersion);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Returns the sources in Argo CD's own order of precedence: a hydrator's, else {@code sources}, else {@code
     * source}.
     */
    private static List<ApplicationSource> sources(JsonObject spec) {
        JsonObject hydrator = spec.object("sourceHydrator");
        if (hydrator.isThere()) {
            JsonObject synced = hydrator.object("syncSource");
            String own = synced.text("repoURL");
            String repoUrl = own.isEmpty() ? hydrator.object("drySource").text("repoURL") : own;
            return List.of(new ApplicationSource(repoUrl, synced.text("path"), synced.text("targetBranch")));
        }
        return plainSources(spec).stream().map(ApplicationJson::source).toList();
    }

    private static List<JsonObject> plainSources(JsonObject spec) {
        List<JsonObject> sources = spec.objects("sources");
        return sources.isEmpty() && spec.object("source").isThere() ? List.of(spec.object("source")) : sources;
    }

    private static ApplicationSource source(JsonObject source) {
        return new ApplicationSource(source.text("repoURL"), source.text("path"), source.text("targetRevision"));
    }

    /**
     * Returns whether the last comparison was with other sources, or for another destination, than the spec has now. All
     * that a source says counts, such as the parameters of a chart. Argo CD writes an empty comparison where there was
     * none, and that with a hydrator in a form of its own, of which only the place is compared.
     */
    private static boolean isOfEarlierSpec(JsonObject spec, JsonObject comparedTo) {
        List<JsonObject> several = comparedTo.objects("sources");
        List<JsonObject> compared = several.isEmpty()
                        && !comparedTo.object("source").text("repoURL").isEmpty()
                ? List.of(comparedTo.object("source"))
                : several;
        if (compared.isEmpty()) {
            return false;
        }
        JsonObject destination = comparedTo.object("destination");
        if (!destination.isEmpty() && !destination.saysTheSameAs(spec.object("destination"))) {
            return true;
        }
        if (spec.object("sourceHydrator").isThere()) {
            return !compared.stream().map(ApplicationJson::source).toList().equals(sources(spec));
        }
        List<JsonObject> present = plainSources(spec);
        return compared.size() != present.size()
                || IntStream.range(0, compared.size())
                        .anyMatch(i -> !compared.get(i).saysTheSameAs(present.get(i)));
    }

    private static Optional<String> applicationSet(JsonObject metadata) {
        return metadata.objects("ownerReferences").stream()
                .filter(owner -> owner.text("kind").equals("ApplicationSet"))
                .map(owner -> owner.text("name"))
                .findFirst();
    }

    private static Optional<String> trackedBy(JsonObject metadata, String trackingId) {
        String own = ":argoproj.io/Application:" + metadata.text("namespace") + "/" + metadata.text("name");
        return Optional.of(trackingId)
                .filter(id -> id.endsWith(own))
                .map(id -> id.substring(0, id.length() - own.length()));
    }

    private static SyncPolicy syncPolicy(JsonObject automated) {
        if (!automated.isThere()) {
            return SyncPolicy.BY_HAND;
        }
        return automated.flag("enabled", true)
                ? new SyncPolicy(true, automated.flag("prune", false), automated.flag("selfHeal", false), false)
                : SyncPolicy.SWITCHED_OFF;
    }

    private static Optional<Hydration> hydration(JsonObject spec, JsonObject status) {
        JsonObject hydrator = spec.object("sourceHydrator");
        if (!hydrator.isThere()) {
            return Optional.empty();
        }
        JsonObject attempt = status.object("currentOperation");
        JsonObject done = status.object("lastSuccessfulOperation");
        return Optional.of(new Hydration(
                source(hydrator.object("drySource")),
                attempt.text("phase"),
                attempt.text("message"),
                done.text("drySHA"),
                done.text("hydratedSHA")));
    }

    /** Returns the resources that are applications or make some, and the first of those that are not as git says. */
    private static List<ApplicationResource> resources(JsonObject status) {
        var resources = new ArrayList<ApplicationResource>();
        int different = 0;
        for (JsonObject each : status.objects("resources")) {
            var resource = new ApplicationResource(
                    each.text("group"),
                    each.text("kind"),
                    each.text("namespace"),
                    each.text("name"),
                    each.text("status"),
                    each.flag("requiresPruning", false));
            // Hooks have no sync status.
            boolean differs = !resource.word().isEmpty() && !resource.isSynced();
            if (resource.isApplication() || resource.isApplicationSet() || differs && different++ < MOST_DIFFERENT) {
                resources.add(resource);
            }
        }
        return resources;
    }

    private static SyncStatus sync(JsonObject sync) {
        return new SyncStatus(SyncStatusCode.of(sync.text("status")), sync.text("status"), revisions(sync));
    }

    private static Optional<SyncOperation> operation(JsonObject state) {
        if (!state.isThere()) {
            return Optional.empty();
        }
        List<String> revisions = revisions(state.object("syncResult"));
        JsonObject requested = state.object("operation").object("sync");
        return Optional.of(new SyncOperation(
                OperationPhase.of(state.text("phase")),
                state.text("phase"),
                state.text("message"),
                state.instant("finishedAt"),
                // An operation that has just begun has no result, but what was requested.
                revisions.isEmpty() ? revisions(requested) : revisions,
                requested.flag("dryRun", false)));
    }

    /** Returns one revision for each source: with {@code sources} only the field in the plural is filled. */
    private static List<String> revisions(JsonObject at) {
        List<String> several = at.list("revisions");
        String one = at.text("revision");
        return several.isEmpty() && !one.isEmpty() ? List.of(one) : several;
    }

    /**
     * A JSON object inside an application, possibly missing, whose fields are read with a check of their types.
     *
     * @param of the name of the application
     * @param path the fields that lead to this object, each with a dot after it
     */
    private record JsonObject(JsonNode node, String of, String path) {

        boolean isThere() {
            return node.isObject();
        }

        boolean isEmpty() {
            return node.isEmpty();
        }

        /** Returns whether both have the same fields with the same values, but for empty ones, which may be left out. */
        boolean saysTheSameAs(JsonObject other) {
            return filled(node).equals(filled(other.node));
        }

        private static JsonNode filled(JsonNode node) {
            if (!node.isObject()) {
                return node;
            }
            ObjectNode filled = Json.object();
            node.fields().forEachRemaining(field -> {
                JsonNode value = filled(field.getValue());
                boolean empty = value.isNull()
                        || value.isContainerNode() && value.isEmpty()
                        || value.isTextual() && value.textValue().isEmpty();
                if (!empty) {
                    filled.set(field.getKey(), value);
                }
            });
            return filled;
        }

        JsonObject object(String field) {
            JsonNode value = value(field);
            if (!value.isMissingNode() && !value.isObject()) {
                throw wrong(field, "an object");
            }
            return new JsonObject(value, of, path + field + ".");
        }

        List<JsonObject> objects(String field) {
            var parts = new ArrayList<JsonObject>();
            for (JsonNode value : array(field)) {
                if (!value.isObject()) {
                    throw wrong(field, "a list of objects");
                }
                parts.add(new JsonObject(value, of, path + field + "."));
            }
            return parts;
        }

        String text(String field) {
            JsonNode value = value(field);
            if (!value.isMissingNode() && !value.isTextual()) {
                throw wrong(field, "text");
            }
            return value.asText();
        }

        boolean flag(String field, boolean missing) {
            JsonNode value = value(field);
            if (!value.isMissingNode() && !value.isBoolean()) {
                throw wrong(field, "true or false");
            }
            return value.asBoolean(missing);
        }

        List<String> list(String field) {
            var texts = new ArrayList<String>();
            for (JsonNode value : array(field)) {
                if (!value.isTextual()) {
                    throw wrong(field, "a list of texts");
                }
                texts.add(value.textValue());
            }
            return texts;
        }

        Map<String, String> texts(String field) {
            var texts = new TreeMap<String, String>();
            JsonObject object = object(field);
            object.node.fieldNames().forEachRemaining(key -> texts.put(key, object.text(key)));
            return texts;
        }

        Optional<Instant> instant(String field) {
            String text = text(field);
            try {
                return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
            } catch (DateTimeParseException e) {
                throw wrong(field, "a time");
            }
        }

        private JsonNode array(String field) {
            JsonNode value = value(field);
            if (!value.isMissingNode() && !value.isArray()) {
                throw wrong(field, "a list");
            }
            return value;
        }

        /** Returns the value of a field, missing where it is null: Go writes null for an empty list or map. */
        private JsonNode value(String field) {
            JsonNode value = node.path(field);
            return value.isNull() ? MissingNode.getInstance() : value;
        }

        private MalformedJsonException wrong(String field, String type) {
            return new MalformedJsonException("has a " + path + field + " of " + of + " that is not " + type);
        }
    }
}
