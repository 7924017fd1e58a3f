package io.jenkins.plugins.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.Application.Condition;
import io.jenkins.plugins.gitops.argocd.Application.Health;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatus;
import io.jenkins.plugins.gitops.argocd.Application.Id;
import io.jenkins.plugins.gitops.argocd.Application.Operation;
import io.jenkins.plugins.gitops.argocd.Application.Phase;
import io.jenkins.plugins.gitops.argocd.Application.Source;
import io.jenkins.plugins.gitops.argocd.Application.Sync;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatus;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads what Argo CD says of an application, the {@code v1alpha1Application} of its {@code assets/swagger.json}. What is
 * missing is empty, since Argo CD leaves out what has no value; what has the wrong type is refused.
 */
final class ApplicationJson {

    /** The project of an application that names none ({@code GetProject} of Argo CD's types.go). */
    private static final String DEFAULT_PROJECT = "default";

    private ApplicationJson() {}

    /**
     * Reads an application.
     *
     * @throws MalformedJsonException if it has no name, or a part of the wrong type
     */
    static VersionedApplication read(JsonNode node) {
        String name = new At(node, "an application", "").object("metadata").text("name");
        if (name.isEmpty()) {
            throw new MalformedJsonException("has an application without metadata.name");
        }
        At root = new At(node, name, "");
        At metadata = root.object("metadata");
        At spec = root.object("spec");
        At status = root.object("status");
        At health = status.object("health");
        String project = spec.text("project");
        var application = new Application(
                new Id(metadata.text("namespace"), name),
                project.isEmpty() ? DEFAULT_PROJECT : project,
                metadata.texts("labels"),
                sources(spec),
                sync(status.object("sync")),
                new Health(HealthStatus.of(health.text("status")), health.text("status"), health.text("message")),
                root.object("operation").isThere(),
                operation(status.object("operationState")),
                status.objects("conditions").stream()
                        .map(condition -> new Condition(condition.text("type"), condition.text("message")))
                        .toList(),
                status.object("summary").list("images"),
                status.instant("reconciledAt"));
        return new VersionedApplication(application, version(metadata.text("resourceVersion")));
    }

    /** A resource version as a number, 0 if it is none. */
    static long version(String resourceVersion) {
        try {
            return Long.parseLong(resourceVersion);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** In Argo CD's own order: what a hydrator wrote, else {@code sources}, else {@code source}. */
    private static List<Source> sources(At spec) {
        At hydrator = spec.object("sourceHydrator");
        if (hydrator.isThere()) {
            At synced = hydrator.object("syncSource");
            String own = synced.text("repoURL");
            String repoUrl = own.isEmpty() ? hydrator.object("drySource").text("repoURL") : own;
            return List.of(new Source(repoUrl, synced.text("path"), synced.text("targetBranch")));
        }
        List<At> sources = spec.objects("sources");
        if (sources.isEmpty() && spec.object("source").isThere()) {
            sources = List.of(spec.object("source"));
        }
        return sources.stream()
                .map(source -> new Source(source.text("repoURL"), source.text("path"), source.text("targetRevision")))
                .toList();
    }

    private static Sync sync(At sync) {
        return new Sync(SyncStatus.of(sync.text("status")), sync.text("status"), revisions(sync));
    }

    @CheckForNull
    private static Operation operation(At state) {
        if (!state.isThere()) {
            return null;
        }
        List<String> revisions = revisions(state.object("syncResult"));
        return new Operation(
                Phase.of(state.text("phase")),
                state.text("phase"),
                state.text("message"),
                state.instant("finishedAt"),
                // While it begins there is no result, but what was asked for.
                revisions.isEmpty() ? revisions(state.object("operation").object("sync")) : revisions);
    }

    /** One for each source: with {@code sources} only the plural is filled. */
    private static List<String> revisions(At at) {
        List<String> several = at.list("revisions");
        String one = at.text("revision");
        return several.isEmpty() && !one.isEmpty() ? List.of(one) : several;
    }

    /**
     * A part of an application, possibly missing.
     *
     * @param of the application's name
     * @param path the fields that lead here, each with a dot after it
     */
    private record At(JsonNode node, String of, String path) {

        boolean isThere() {
            return node.isObject();
        }

        At object(String field) {
            JsonNode value = value(field);
            if (!value.isMissingNode() && !value.isObject()) {
                throw wrong(field, "an object");
            }
            return new At(value, of, path + field + ".");
        }

        List<At> objects(String field) {
            var parts = new ArrayList<At>();
            for (JsonNode value : array(field)) {
                if (!value.isObject()) {
                    throw wrong(field, "a list of objects");
                }
                parts.add(new At(value, of, path + field + "."));
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
            At object = object(field);
            object.node.fieldNames().forEachRemaining(key -> texts.put(key, object.text(key)));
            return texts;
        }

        @CheckForNull
        Instant instant(String field) {
            String text = text(field);
            try {
                return text.isEmpty() ? null : Instant.parse(text);
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

        /** Go writes null for what is empty. */
        private JsonNode value(String field) {
            JsonNode value = node.path(field);
            return value.isNull() ? MissingNode.getInstance() : value;
        }

        private MalformedJsonException wrong(String field, String type) {
            return new MalformedJsonException("has a " + path + field + " of " + of + " that is not " + type);
        }
    }
}
