package io.jenkins.plugins.gitops.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The definition of an application of a simulated Argo CD; it is synced automatically by default. */
public final class ApplicationSpec {

    /**
     * Where manifests come from.
     *
     * @param path the folder, or empty for the whole repository
     * @param targetRevision a branch, a tag or a full SHA, or empty for the default branch
     */
    public record Source(String repoUrl, String path, String targetRevision) {}

    final String name;
    String namespace = ArgoCdSimulator.NAMESPACE;
    String project = "default";
    final Map<String, String> labels = new TreeMap<>();
    final List<Source> sources = new ArrayList<>();
    boolean plural;
    String cluster = "https://kubernetes.default.svc";
    String destination = "default";
    boolean automated = true;
    int retries;
    ImageRendering rendering = ImageRendering.PLAIN;
    PostSyncHook hook;
    SimulationPace pace = SimulationPace.BY_HAND;

    /** With a single source, as most have it. */
    public ApplicationSpec(String name, String repoUrl, String path, String targetRevision) {
        this.name = name;
        this.sources.add(new Source(repoUrl, path, targetRevision));
    }

    /** With {@code spec.sources}, the plural form. */
    public ApplicationSpec(String name, List<Source> sources) {
        this.name = name;
        this.sources.addAll(sources);
        this.plural = true;
    }

    /** The namespace that the application itself lies in. */
    public ApplicationSpec namespace(String namespace) {
        this.namespace = namespace;
        return this;
    }

    public ApplicationSpec project(String project) {
        this.project = project;
        return this;
    }

    public ApplicationSpec label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    /** Sets where it is deployed: the URL of a cluster and a namespace. */
    public ApplicationSpec destination(String cluster, String namespace) {
        this.cluster = cluster;
        this.destination = namespace;
        return this;
    }

    /** Turns automated sync off: only an operation that is requested over the API deploys. */
    public ApplicationSpec manual() {
        this.automated = false;
        return this;
    }

    /** Sets how often a failed operation is retried; 0 by default, where Argo CD's default for automated sync is 5. */
    public ApplicationSpec retries(int retries) {
        this.retries = retries;
        return this;
    }

    public ApplicationSpec rendering(ImageRendering rendering) {
        this.rendering = rendering;
        return this;
    }

    public ApplicationSpec hook(PostSyncHook hook) {
        this.hook = hook;
        return this;
    }

    public ApplicationSpec pace(SimulationPace pace) {
        this.pace = pace;
        return this;
    }
}
