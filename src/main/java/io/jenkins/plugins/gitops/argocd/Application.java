package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An Argo CD application as its API last said, reduced to what a rollout is judged by. The shapes are those of Argo
 * CD's {@code assets/swagger.json} ({@code v1alpha1Application}). A word that this version does not know is kept for
 * people and counts as unknown, never as success.
 *
 * @param id its name and namespace
 * @param sources where its manifests come from: {@code spec.sources}, or {@code spec.source} alone
 * @param operationRequested whether an operation is asked for or running ({@code operation} is there)
 * @param operation the last operation, or null if there was none
 * @param images what its pods run ({@code status.summary.images})
 * @param reconciledAt when Argo CD last compared it with git and judged its health, or null if it never has
 */
public record Application(
        Id id,
        String project,
        Map<String, String> labels,
        List<Source> sources,
        Sync sync,
        Health health,
        boolean operationRequested,
        @CheckForNull Operation operation,
        List<Condition> conditions,
        List<String> images,
        @CheckForNull Instant reconciledAt) {

    public Application(
            Id id,
            String project,
            Map<String, String> labels,
            List<Source> sources,
            Sync sync,
            Health health,
            boolean operationRequested,
            @Nullable Operation operation,
            List<Condition> conditions,
            List<String> images,
            @Nullable Instant reconciledAt) {
        this.id = id;
        this.project = project;
        this.labels = Map.copyOf(labels);
        this.sources = List.copyOf(sources);
        this.sync = sync;
        this.health = health;
        this.operationRequested = operationRequested;
        this.operation = operation;
        this.conditions = List.copyOf(conditions);
        this.images = List.copyOf(images);
        this.reconciledAt = reconciledAt;
    }

    /** What it is called; Argo CD allows the same name in several namespaces. */
    public record Id(String namespace, String name) implements Comparable<Id> {

        @Override
        public int compareTo(Id other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : namespace.compareTo(other.namespace);
        }

        @Override
        public String toString() {
            return namespace.isEmpty() ? name : namespace + "/" + name;
        }
    }

    /**
     * One place that manifests come from.
     *
     * @param path the folder in the repository, or empty
     * @param targetRevision the branch or revision that is followed, empty for the default branch
     */
    public record Source(String repoUrl, String path, String targetRevision) {}

    /**
     * How it compares with git.
     *
     * @param word as Argo CD wrote it
     * @param revisions what it was compared with, one for each source, in their order; empty if it was not
     */
    public record Sync(SyncStatus status, String word, List<String> revisions) {
        public Sync {
            revisions = List.copyOf(revisions);
        }
    }

    /** Whether the live state is what git says. */
    public enum SyncStatus {
        SYNCED("Synced"),
        OUT_OF_SYNC("OutOfSync"),
        UNKNOWN("Unknown");

        private final String word;

        SyncStatus(String word) {
            this.word = word;
        }

        static SyncStatus of(String word) {
            for (SyncStatus status : values()) {
                if (status.word.equals(word)) {
                    return status;
                }
            }
            return UNKNOWN;
        }
    }

    /**
     * How it is.
     *
     * @param word as Argo CD wrote it
     * @param message Argo CD's own words, or empty
     */
    public record Health(HealthStatus status, String word, String message) {}

    /** How it is, in one word. */
    public enum HealthStatus {
        HEALTHY,
        PROGRESSING,
        SUSPENDED,
        DEGRADED,
        MISSING,
        UNKNOWN;

        static HealthStatus of(String word) {
            for (HealthStatus status : values()) {
                if (status.name().equals(word.toUpperCase(Locale.ROOT))) {
                    return status;
                }
            }
            return UNKNOWN;
        }
    }

    /**
     * A synchronisation that was begun.
     *
     * @param word the phase as Argo CD wrote it
     * @param message Argo CD's own words, or empty
     * @param finishedAt when it ended, or null while it runs
     * @param revisions what it deploys, one for each source, in their order; empty if Argo CD does not say
     */
    public record Operation(
            Phase phase,
            String word,
            String message,
            @CheckForNull Instant finishedAt,
            List<String> revisions) {

        public Operation(
                Phase phase, String word, String message, @Nullable Instant finishedAt, List<String> revisions) {
            this.phase = phase;
            this.word = word;
            this.message = message;
            this.finishedAt = finishedAt;
            this.revisions = List.copyOf(revisions);
        }
    }

    /** How far an operation is. */
    public enum Phase {
        RUNNING,
        TERMINATING,
        FAILED,
        ERROR,
        SUCCEEDED,
        UNKNOWN;

        static Phase of(String word) {
            for (Phase phase : values()) {
                if (phase.name().equals(word.toUpperCase(Locale.ROOT))) {
                    return phase;
                }
            }
            return UNKNOWN;
        }

        /** Whether it is under way, or to be tried again. */
        public boolean isRunning() {
            return this == RUNNING || this == TERMINATING;
        }

        /** Whether it ended without deploying what it should. */
        public boolean isFailure() {
            return this == FAILED || this == ERROR;
        }
    }

    /** Something Argo CD remarks on, such as {@code ComparisonError}. */
    public record Condition(String type, String message) {}
}
