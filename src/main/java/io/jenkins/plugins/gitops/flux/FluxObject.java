package io.jenkins.plugins.gitops.flux;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object of Flux as its cluster described it last, reduced to what a rollout is judged by. The shapes are those of
 * Flux's API references (source v1, kustomize v1, helm v2). A word that this version does not know is kept as text and
 * is never success.
 *
 * @param generation of its spec, {@code metadata.generation}
 * @param isDeleting whether it has a {@code metadata.deletionTimestamp}
 */
public record FluxObject(
        FluxId id, Map<String, String> labels, long generation, boolean isDeleting, FluxSpec spec, FluxStatus status) {

    /** The labels by which the Kustomization that has applied an object can be found. */
    private static final String OWNER_NAME = "kustomize.toolkit.fluxcd.io/name";

    private static final String OWNER_NAMESPACE = "kustomize.toolkit.fluxcd.io/namespace";

    public FluxObject {
        labels = Map.copyOf(labels);
    }

    /**
     * What people want of it.
     *
     * @param isSuspended whether its controller leaves it alone, {@code spec.suspend}
     * @param interval how often its controller looks by itself; empty where it does not say
     * @param source the object that its manifests come from; empty for one that is a source itself
     * @param url of the git repository; empty for other kinds
     * @param branch that is fetched, or what else of the repository is; empty for the default branch and other kinds
     * @param chart of a HelmRelease, if it lies in a git repository
     */
    public record FluxSpec(
            boolean isSuspended,
            String interval,
            Optional<FluxId> source,
            String url,
            String branch,
            Optional<FluxChart> chart) {}

    /**
     * A Helm chart in a git repository.
     *
     * @param source the GitRepository
     * @param isOfRevision whether each commit makes a new chart, whose version ends with the beginning of the commit ({@code
     *     reconcileStrategy: Revision}); otherwise only a new version in its {@code Chart.yaml} does
     * @param hasOuterValues whether it has values from files of the repository that are not in the folder of the chart
     */
    public record FluxChart(FluxId source, boolean isOfRevision, boolean hasOuterValues) {}

    /**
     * What its controller has done.
     *
     * @param observedGeneration of the spec that its controller has seen last; -1 if it has seen none
     * @param appliedRevision {@code status.lastAppliedRevision}, or of a source {@code status.artifact.revision}: {@code
     *     main@sha1:<commit>}; empty if there is none
     * @param attemptedRevision {@code status.lastAttemptedRevision}; of a HelmRelease, the version of its chart
     * @param attemptedGeneration of the spec that was released last, {@code status.lastAttemptedGeneration} of a
     *     HelmRelease; -1 where it does not say
     */
    public record FluxStatus(
            long observedGeneration,
            long attemptedGeneration,
            Optional<String> appliedRevision,
            Optional<String> attemptedRevision,
            List<FluxCondition> conditions) {

        public FluxStatus {
            conditions = List.copyOf(conditions);
        }
    }

    /** Kind, namespace and name of an object. */
    public record FluxId(FluxKind kind, String namespace, String name) implements Comparable<FluxId> {

        @Override
        public int compareTo(FluxId other) {
            int byName = name.compareTo(other.name);
            int byNamespace = byName != 0 ? byName : namespace.compareTo(other.namespace);
            return byNamespace != 0 ? byNamespace : kind.compareTo(other.kind);
        }

        @Override
        public String toString() {
            return kind + " " + namespace + "/" + name;
        }
    }

    /**
     * A condition in its status.
     *
     * @param status {@code True}, {@code False} or {@code Unknown}
     * @param observedGeneration of the spec that it is about; -1 where it does not say
     */
    public record FluxCondition(String type, String status, String reason, String message, long observedGeneration) {

        static final String READY = "Ready";
        static final String RECONCILING = "Reconciling";
        static final String STALLED = "Stalled";

        boolean isTrue() {
            return status.equals("True");
        }

        boolean isFalse() {
            return status.equals("False");
        }
    }

    /** Returns a condition by its type. */
    Optional<FluxCondition> condition(String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    boolean is(String type) {
        return condition(type).filter(FluxCondition::isTrue).isPresent();
    }

    /** Returns the Kustomization that has applied this object; empty if none has. */
    Optional<FluxId> owner() {
        String name = labels.get(OWNER_NAME);
        return name == null
                ? Optional.empty()
                : Optional.of(
                        new FluxId(FluxKind.KUSTOMIZATION, labels.getOrDefault(OWNER_NAMESPACE, id.namespace()), name));
    }
}
