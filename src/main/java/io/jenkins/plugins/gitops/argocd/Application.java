package io.jenkins.plugins.gitops.argocd;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An Argo CD application as its API described it last, reduced to what a rollout is judged by. The shapes are those of
 * Argo CD's {@code assets/swagger.json} ({@code v1alpha1Application}). A status or phase that this version does not
 * know is kept as text for people and counts as unknown, never as success.
 *
 * @param project the Argo CD project that the application belongs to
 * @param sources where its manifests come from: {@code spec.sources}, or {@code spec.source} alone
 * @param operationRequested whether an operation is requested or running ({@code operation} is present)
 * @param operation the last operation; empty if there was none
 * @param images the images of its pods ({@code status.summary.images})
 * @param reconciledAt when Argo CD last compared it with git and assessed its health; empty if it never did
 */
public record Application(
        ApplicationId id,
        String project,
        Map<String, String> labels,
        List<ApplicationSource> sources,
        SyncStatus sync,
        HealthStatus health,
        boolean operationRequested,
        Optional<SyncOperation> operation,
        List<ApplicationCondition> conditions,
        List<String> images,
        Optional<Instant> reconciledAt) {

    /** The project of an application that names none ({@code GetProject} of Argo CD's types.go). */
    private static final String DEFAULT_PROJECT = "default";

    public Application {
        labels = Map.copyOf(labels);
        sources = List.copyOf(sources);
        conditions = List.copyOf(conditions);
        images = List.copyOf(images);
    }

    /**
     * Returns a builder of an application of which only the id is known: in the default project, without sources,
     * labels, conditions, images and operations, of unknown sync status and health.
     */
    public static Builder builder(ApplicationId id) {
        return new Builder(id);
    }

    /** The name and namespace of an application; Argo CD allows the same name in several namespaces. */
    public record ApplicationId(String namespace, String name) implements Comparable<ApplicationId> {

        @Override
        public int compareTo(ApplicationId other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : namespace.compareTo(other.namespace);
        }

        @Override
        public String toString() {
            return namespace.isEmpty() ? name : namespace + "/" + name;
        }
    }

    /**
     * One place that manifests come from. Texts are empty where Argo CD leaves them out.
     *
     * @param path the folder in the repository
     * @param targetRevision the branch or revision that is followed; empty for the default branch
     */
    public record ApplicationSource(String repoUrl, String path, String targetRevision) {}

    /**
     * How the live state compares with git.
     *
     * @param word the status as Argo CD wrote it
     * @param revisions what the application was compared with, one for each source, in their order; empty if it was not
     */
    public record SyncStatus(SyncStatusCode code, String word, List<String> revisions) {
        public SyncStatus {
            revisions = List.copyOf(revisions);
        }
    }

    /** Whether the live state is what git says. */
    public enum SyncStatusCode {
        SYNCED("Synced"),
        OUT_OF_SYNC("OutOfSync"),
        UNKNOWN("Unknown");

        private final String word;

        SyncStatusCode(String word) {
            this.word = word;
        }

        static SyncStatusCode of(String word) {
            for (SyncStatusCode code : values()) {
                if (code.word.equals(word)) {
                    return code;
                }
            }
            return UNKNOWN;
        }
    }

    /**
     * The health of the live resources.
     *
     * @param word the health as Argo CD wrote it
     * @param message Argo CD's own explanation, or empty
     */
    public record HealthStatus(HealthStatusCode code, String word, String message) {}

    /** The health of an application, as Argo CD's health checks name it. */
    public enum HealthStatusCode {
        HEALTHY,
        PROGRESSING,
        SUSPENDED,
        DEGRADED,
        MISSING,
        UNKNOWN;

        static HealthStatusCode of(String word) {
            for (HealthStatusCode code : values()) {
                if (code.name().equals(word.toUpperCase(Locale.ROOT))) {
                    return code;
                }
            }
            return UNKNOWN;
        }
    }

    /**
     * A synchronisation that was begun ({@code status.operationState}).
     *
     * @param word the phase as Argo CD wrote it
     * @param message Argo CD's own explanation, or empty
     * @param finishedAt when the operation ended; empty while it runs
     * @param revisions what the operation deploys, one for each source, in their order; empty if Argo CD does not say
     */
    public record SyncOperation(
            OperationPhase phase, String word, String message, Optional<Instant> finishedAt, List<String> revisions) {
        public SyncOperation {
            revisions = List.copyOf(revisions);
        }
    }

    /** How far an operation is. */
    public enum OperationPhase {
        RUNNING,
        TERMINATING,
        FAILED,
        ERROR,
        SUCCEEDED,
        UNKNOWN;

        static OperationPhase of(String word) {
            for (OperationPhase phase : values()) {
                if (phase.name().equals(word.toUpperCase(Locale.ROOT))) {
                    return phase;
                }
            }
            return UNKNOWN;
        }

        /** Returns whether the operation is under way, or will be retried. */
        public boolean isRunning() {
            return this == RUNNING || this == TERMINATING;
        }

        /** Returns whether the operation ended without deploying what it should. */
        public boolean isFailure() {
            return this == FAILED || this == ERROR;
        }
    }

    /** A problem that Argo CD reports for an application, such as {@code ComparisonError}. */
    record ApplicationCondition(String type, String message) {}

    /** Collects the properties of an application, see {@link Application#builder}. */
    public static final class Builder {

        private final ApplicationId id;
        private String project = DEFAULT_PROJECT;
        private Map<String, String> labels = Map.of();
        private List<ApplicationSource> sources = List.of();
        private SyncStatus sync = new SyncStatus(SyncStatusCode.UNKNOWN, "", List.of());
        private HealthStatus health = new HealthStatus(HealthStatusCode.UNKNOWN, "", "");
        private boolean operationRequested;
        private Optional<SyncOperation> operation = Optional.empty();
        private List<ApplicationCondition> conditions = List.of();
        private List<String> images = List.of();
        private Optional<Instant> reconciledAt = Optional.empty();

        private Builder(ApplicationId id) {
            this.id = id;
        }

        public Builder project(String project) {
            this.project = project;
            return this;
        }

        public Builder labels(Map<String, String> labels) {
            this.labels = labels;
            return this;
        }

        public Builder sources(List<ApplicationSource> sources) {
            this.sources = sources;
            return this;
        }

        public Builder sync(SyncStatus sync) {
            this.sync = sync;
            return this;
        }

        public Builder health(HealthStatus health) {
            this.health = health;
            return this;
        }

        Builder operationRequested(boolean requested) {
            this.operationRequested = requested;
            return this;
        }

        public Builder operation(Optional<SyncOperation> operation) {
            this.operation = operation;
            return this;
        }

        public Builder conditions(List<ApplicationCondition> conditions) {
            this.conditions = conditions;
            return this;
        }

        public Builder images(List<String> images) {
            this.images = images;
            return this;
        }

        public Builder reconciledAt(Optional<Instant> time) {
            this.reconciledAt = time;
            return this;
        }

        public Application build() {
            return new Application(
                    id,
                    project,
                    labels,
                    sources,
                    sync,
                    health,
                    operationRequested,
                    operation,
                    conditions,
                    images,
                    reconciledAt);
        }
    }
}
