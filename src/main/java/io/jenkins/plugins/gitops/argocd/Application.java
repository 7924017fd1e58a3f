package io.jenkins.plugins.gitops.argocd;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An Argo CD application as its API described it last, reduced to what a rollout is judged by. The shapes are those of
 * Argo CD's {@code assets/swagger.json} ({@code v1alpha1Application}). A status or phase that this version does not
 * know is kept as text for people and counts as unknown, never as success.
 *
 * @param project the Argo CD project that the application belongs to
 * @param applicationSet the ApplicationSet that made it; empty if none did
 * @param trackedBy the application among whose resources it is, as Argo CD writes it on what it synchronises: its name, or
 *     namespace and name with an underscore between; empty if nothing says so
 * @param isDeleting whether somebody has deleted it ({@code metadata.deletionTimestamp}), and Argo CD removes its
 *     resources
 * @param isReconciled whether Argo CD looks at it at all; an annotation can keep it from that
 * @param isRefreshRequested whether Argo CD was asked to compare it with git again, and has not yet
 * @param sources where its manifests come from: {@code spec.sources}, or {@code spec.source} alone
 * @param syncPolicy what Argo CD synchronises by itself
 * @param isOfEarlierSpec whether {@code sync} was found out with other sources, or for another destination, than the
 *     spec has now ({@code status.sync.comparedTo})
 * @param hydration how far Argo CD's source hydrator is; empty without one
 * @param operationRequested whether an operation is requested or running ({@code operation} is present)
 * @param operation the last operation; empty if there was none
 * @param resources those of its resources that are applications, make applications, or are not as git says
 * @param images the images of its pods ({@code status.summary.images})
 * @param reconciledAt when Argo CD last compared it with git and assessed its health; empty if it never did
 */
public record Application(
        ApplicationId id,
        String project,
        Map<String, String> labels,
        Optional<String> applicationSet,
        Optional<String> trackedBy,
        boolean isDeleting,
        boolean isReconciled,
        boolean isRefreshRequested,
        List<ApplicationSource> sources,
        SyncPolicy syncPolicy,
        boolean isOfEarlierSpec,
        Optional<Hydration> hydration,
        SyncStatus sync,
        HealthStatus health,
        boolean operationRequested,
        Optional<SyncOperation> operation,
        List<ApplicationCondition> conditions,
        List<ApplicationResource> resources,
        List<String> images,
        Optional<Instant> reconciledAt) {

    /** The project of an application that names none ({@code GetProject} of Argo CD's types.go). */
    private static final String DEFAULT_PROJECT = "default";

    public Application {
        labels = Map.copyOf(labels);
        sources = List.copyOf(sources);
        conditions = List.copyOf(conditions);
        resources = List.copyOf(resources);
        images = List.copyOf(images);
    }

    /**
     * Returns a builder of an application of which only the id is known: in the default project, without sources,
     * labels, conditions, resources, images and operations, synchronised by hand, of unknown sync status and health.
     */
    public static Builder builder(ApplicationId id) {
        return new Builder(id);
    }

    /** Returns whether its status may be older than the end of its last operation. */
    public boolean isStale() {
        return operation
                .flatMap(SyncOperation::finishedAt)
                .filter(finished -> reconciledAt.filter(finished::isBefore).isEmpty())
                .isPresent();
    }

    /**
     * Returns whether it is not what another application has among its resources under this id, but one of the same id in
     * another cluster: it says that it is a resource of somebody else.
     */
    boolean isOfAnother(ApplicationId parent) {
        return trackedBy
                .filter(owner ->
                        !owner.equals(parent.name()) && !owner.equals(parent.namespace() + "_" + parent.name()))
                .isPresent();
    }

    /**
     * Returns the ids of the applications among its resources, as those of an app of apps are, and of those that the
     * ApplicationSets among its resources have made.
     *
     * @param all the applications of the server
     */
    List<ApplicationId> children(Map<ApplicationId, Application> all) {
        var children = new ArrayList<ApplicationId>();
        for (ApplicationResource resource : resources) {
            if (resource.isApplication()) {
                children.add(new ApplicationId(resource.namespace(), resource.name()));
            } else if (resource.isApplicationSet()) {
                all.values().stream()
                        .filter(each -> each.applicationSet.equals(Optional.of(resource.name()))
                                && each.id.namespace().equals(resource.namespace()))
                        .forEach(each -> children.add(each.id));
            }
        }
        return children;
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
     * What Argo CD synchronises by itself ({@code spec.syncPolicy.automated}).
     *
     * @param automated whether it synchronises new commits
     * @param prune whether that removes resources that are no longer in git
     * @param selfHeal whether it also puts right what was changed by hand
     * @param isSwitchedOff whether it says {@code enabled: false}, as an ApplicationSet with RollingSync writes it into its
     *     applications, which it synchronises itself, step by step
     */
    public record SyncPolicy(boolean automated, boolean prune, boolean selfHeal, boolean isSwitchedOff) {

        /** Somebody has to ask for each synchronisation. */
        public static final SyncPolicy BY_HAND = new SyncPolicy(false, false, false, false);

        static final SyncPolicy SWITCHED_OFF = new SyncPolicy(false, false, false, true);
    }

    /**
     * The source hydrator ({@code status.sourceHydrator}): it renders a commit of the dry source, and commits what comes
     * out to the branch from which the application is synchronised.
     *
     * @param drySource where the commits that it renders come from
     * @param word the phase of the newest attempt as Argo CD wrote it; empty if there was none
     * @param message Argo CD's own explanation, or empty
     * @param dryRevision the commit of the dry source that was hydrated last; empty if none was
     * @param hydratedRevision what that commit became on the other branch; empty if none was
     */
    public record Hydration(
            ApplicationSource drySource, String word, String message, String dryRevision, String hydratedRevision) {

        private static final String FAILED = "Failed";

        boolean isFailure() {
            return word.equals(FAILED);
        }

        /**
         * Returns the commit of the dry source whose rendered form is this commit; empty if that is not known. {@code
         * lastComparedDryRevision} does not count: Argo CD moves it to a new commit before it begins to render that.
         */
        Optional<String> dryRevisionOf(String hydrated) {
            return hydrated.equals(hydratedRevision)
                    ? Optional.of(dryRevision).filter(revision -> !revision.isEmpty())
                    : Optional.empty();
        }
    }

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
        HEALTHY("Healthy"),
        PROGRESSING("Progressing"),
        SUSPENDED("Suspended"),
        DEGRADED("Degraded"),
        MISSING("Missing"),
        UNKNOWN("Unknown");

        private final String word;

        HealthStatusCode(String word) {
            this.word = word;
        }

        static HealthStatusCode of(String word) {
            for (HealthStatusCode code : values()) {
                if (code.word.equals(word)) {
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
     * @param finishedAt when the operation ended, or its last try did; empty while the first one runs
     * @param revisions what the operation deploys, one for each source, in their order; empty if Argo CD does not say
     * @param isDryRun whether it only tries, and deploys nothing
     */
    public record SyncOperation(
            OperationPhase phase,
            String word,
            String message,
            Optional<Instant> finishedAt,
            List<String> revisions,
            boolean isDryRun) {
        public SyncOperation {
            revisions = List.copyOf(revisions);
        }

        /** Creates an operation that is no dry run. */
        public SyncOperation(
                OperationPhase phase,
                String word,
                String message,
                Optional<Instant> finishedAt,
                List<String> revisions) {
            this(phase, word, message, finishedAt, revisions, false);
        }
    }

    /** The progress of an operation. */
    public enum OperationPhase {
        RUNNING("Running"),
        TERMINATING("Terminating"),
        FAILED("Failed"),
        ERROR("Error"),
        SUCCEEDED("Succeeded"),
        UNKNOWN("");

        private final String word;

        OperationPhase(String word) {
            this.word = word;
        }

        static OperationPhase of(String word) {
            for (OperationPhase phase : values()) {
                if (phase.word.equals(word)) {
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
    record ApplicationCondition(String type, String message) {

        /** The condition in which a synchronisation that Argo CD began by itself failed, or was not begun. */
        private static final String SYNC_ERROR = "SyncError";

        /** Argo CD's own rule: each type ends in what it is, Error, Warning or Info. */
        private static final String ERROR = "Error";

        boolean isSyncError() {
            return type.equals(SYNC_ERROR);
        }

        /** Returns whether Argo CD cannot say what should be there. A failed synchronisation shows in its operation. */
        boolean isBreaking() {
            return type.endsWith(ERROR) && !isSyncError();
        }
    }

    /**
     * A resource that Argo CD compares ({@code status.resources[]}).
     *
     * @param namespace of the resource; empty if it has none
     * @param word the sync status as Argo CD wrote it
     * @param requiresPruning whether it is no longer in git, and waits to be removed
     */
    public record ApplicationResource(
            String group, String kind, String namespace, String name, String word, boolean requiresPruning) {

        private static final String GROUP = "argoproj.io";
        private static final String KIND = "Application";
        private static final String KIND_OF_SETS = "ApplicationSet";

        boolean isApplication() {
            return group.equals(GROUP) && kind.equals(KIND);
        }

        boolean isApplicationSet() {
            return group.equals(GROUP) && kind.equals(KIND_OF_SETS);
        }

        boolean isSynced() {
            return SyncStatusCode.of(word) == SyncStatusCode.SYNCED;
        }

        @Override
        public String toString() {
            return kind + " " + name;
        }
    }

    /** Collects the properties of an application, see {@link Application#builder}. */
    public static final class Builder {

        private final ApplicationId id;
        private String project = DEFAULT_PROJECT;
        private Map<String, String> labels = Map.of();
        private Optional<String> applicationSet = Optional.empty();
        private Optional<String> trackedBy = Optional.empty();
        private boolean deleting;
        private boolean reconciled = true;
        private boolean refreshRequested;
        private List<ApplicationSource> sources = List.of();
        private SyncPolicy syncPolicy = SyncPolicy.BY_HAND;
        private boolean ofEarlierSpec;
        private Optional<Hydration> hydration = Optional.empty();
        private SyncStatus sync = new SyncStatus(SyncStatusCode.UNKNOWN, "", List.of());
        private HealthStatus health = new HealthStatus(HealthStatusCode.UNKNOWN, "", "");
        private boolean operationRequested;
        private Optional<SyncOperation> operation = Optional.empty();
        private List<ApplicationCondition> conditions = List.of();
        private List<ApplicationResource> resources = List.of();
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

        public Builder applicationSet(Optional<String> owner) {
            this.applicationSet = owner;
            return this;
        }

        public Builder trackedBy(Optional<String> application) {
            this.trackedBy = application;
            return this;
        }

        public Builder deleting(boolean deleting) {
            this.deleting = deleting;
            return this;
        }

        public Builder reconciled(boolean reconciled) {
            this.reconciled = reconciled;
            return this;
        }

        public Builder refreshRequested(boolean requested) {
            this.refreshRequested = requested;
            return this;
        }

        public Builder sources(List<ApplicationSource> sources) {
            this.sources = sources;
            return this;
        }

        public Builder syncPolicy(SyncPolicy policy) {
            this.syncPolicy = policy;
            return this;
        }

        public Builder ofEarlierSpec(boolean earlier) {
            this.ofEarlierSpec = earlier;
            return this;
        }

        public Builder hydration(Optional<Hydration> hydration) {
            this.hydration = hydration;
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

        public Builder resources(List<ApplicationResource> resources) {
            this.resources = resources;
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
                    applicationSet,
                    trackedBy,
                    deleting,
                    reconciled,
                    refreshRequested,
                    sources,
                    syncPolicy,
                    ofEarlierSpec,
                    hydration,
                    sync,
                    health,
                    operationRequested,
                    operation,
                    conditions,
                    resources,
                    images,
                    reconciledAt);
        }
    }
}
