package io.jenkins.plugins.gitops.flux;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxChart;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxCondition;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxId;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxSpec;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads objects of Flux from the JSON of Kubernetes. Missing fields and fields of other types are tolerated. */
final class FluxObjectReader {

    private FluxObjectReader() {}

    /**
     * Reads an object.
     *
     * @throws MalformedJsonException if it has no name, or says that it is of another kind
     */
    static FluxObject read(FluxKind kind, JsonNode json) {
        JsonNode metadata = json.path("metadata");
        JsonNode spec = json.path("spec");
        JsonNode status = json.path("status");
        String namespace = text(metadata, "namespace");
        String name = text(metadata, "name");
        if (name.isEmpty()) {
            throw new MalformedJsonException("has an object without a name");
        }
        String word = text(json, "kind");
        if (!word.isEmpty() && !word.equals(kind.toString())) {
            throw new MalformedJsonException("has an object of another kind than " + kind);
        }
        boolean isSource = kind == FluxKind.GIT_REPOSITORY;
        return new FluxObject(
                new FluxId(kind, namespace, name),
                labels(metadata.path("labels")),
                metadata.path("generation").asLong(),
                metadata.hasNonNull("deletionTimestamp"),
                new FluxSpec(
                        spec.path("suspend").asBoolean(),
                        text(spec, "interval"),
                        source(kind, spec, namespace),
                        isSource ? text(spec, "url") : "",
                        isSource ? followed(spec.path("ref")) : "",
                        kind == FluxKind.HELM_RELEASE
                                ? chart(spec.path("chart").path("spec"), namespace)
                                : Optional.empty()),
                new FluxStatus(
                        status.path("observedGeneration").asLong(-1),
                        status.path("lastAttemptedGeneration").asLong(-1),
                        present(
                                isSource
                                        ? text(status.path("artifact"), "revision")
                                        : text(status, "lastAppliedRevision")),
                        present(text(status, "lastAttemptedRevision")),
                        conditions(status.path("conditions"))));
    }

    private static Optional<FluxId> source(FluxKind kind, JsonNode spec, String namespace) {
        return kind == FluxKind.KUSTOMIZATION ? gitRepository(spec, namespace) : Optional.empty();
    }

    private static Optional<FluxChart> chart(JsonNode spec, String namespace) {
        String folder = plain(text(spec, "chart")) + "/";
        boolean outer = false;
        for (JsonNode file : spec.path("valuesFiles")) {
            outer |= !plain(file.asText()).startsWith(folder);
        }
        boolean hasOuterValues = outer;
        return gitRepository(spec, namespace)
                .map(source ->
                        new FluxChart(source, text(spec, "reconcileStrategy").equals("Revision"), hasOuterValues));
    }

    /** A path as git has it. */
    private static String plain(String path) {
        return path.replaceAll("^(?:\\.?/)++|/++$", "");
    }

    private static Optional<FluxId> gitRepository(JsonNode spec, String namespace) {
        JsonNode reference = spec.path("sourceRef");
        if (!text(reference, "kind").equals(FluxKind.GIT_REPOSITORY.toString())) {
            return Optional.empty();
        }
        String where = text(reference, "namespace");
        return Optional.of(
                new FluxId(FluxKind.GIT_REPOSITORY, where.isEmpty() ? namespace : where, text(reference, "name")));
    }

    /** What of the repository is fetched; of several fields the one that Flux takes (GitRepository, spec.ref). */
    private static String followed(JsonNode ref) {
        for (String field : List.of("commit", "name", "semver", "tag", "branch")) {
            if (!text(ref, field).isEmpty()) {
                return text(ref, field);
            }
        }
        return "";
    }

    private static Map<String, String> labels(JsonNode labels) {
        var read = new HashMap<String, String>();
        labels.properties()
                .forEach(label -> read.put(label.getKey(), label.getValue().asText()));
        return read;
    }

    private static List<FluxCondition> conditions(JsonNode conditions) {
        var read = new ArrayList<FluxCondition>();
        for (JsonNode condition : conditions) {
            read.add(new FluxCondition(
                    text(condition, "type"),
                    text(condition, "status"),
                    text(condition, "reason"),
                    text(condition, "message"),
                    condition.path("observedGeneration").asLong(-1)));
        }
        return read;
    }

    private static Optional<String> present(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.path(name).asText() : "";
    }
}
