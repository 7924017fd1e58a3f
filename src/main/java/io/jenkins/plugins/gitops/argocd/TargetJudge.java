package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationCondition;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationResource;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatusCode;
import io.jenkins.plugins.gitops.argocd.Application.Hydration;
import io.jenkins.plugins.gitops.argocd.Application.OperationPhase;
import io.jenkins.plugins.gitops.argocd.Application.SyncOperation;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatusCode;
import io.jenkins.plugins.gitops.argocd.RolloutJudge.CommitHistory;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges one target of a rollout by the state of its application in Argo CD. A target counts as deployed when all of
 * this holds; the rules are those of Argo CD's own {@code app wait} and of Kargo's health check, but for the revision:
 *
 * <ol>
 *   <li>The application is not being deleted, and Argo CD reconciles it.
 *   <li>Argo CD could render and compare the manifests: no condition such as {@code ComparisonError} or {@code
 *       InvalidSpecError}, and it compared with the sources and the destination that the application has now.
 *   <li>No operation is requested or running, and the last one did not fail. One that will be retried counts as running
 *       although it has a time at which it finished. A dry run counts for nothing.
 *   <li>Health was assessed after the last operation ended: {@code reconciledAt > operationState.finishedAt}. Argo CD
 *       runs operations and assesses health in separate loops, and in between it shows the old health. Both times are
 *       in whole seconds and mostly equal, which proves nothing; Argo CD is then asked to refresh the application.
 *   <li>The application is synced to the wanted commit or a descendant of it, with each source that is the config
 *       repository. A descendant is as good, since a commit that changes nothing for an application starts no operation
 *       there and only moves its revision.
 *   <li>The application is healthy; a suspended one counts only where the wave accepts that.
 *   <li>The set at its revision is the wanted one, and its pods do not show that another image runs.
 *   <li>All this holds for the applications among its resources too, and for those of an ApplicationSet there: Argo CD
 *       does not look into the health of these.
 * </ol>
 */
final class TargetJudge {

    private static final String STALE =
            "Argo CD has not looked at it since its last synchronisation ended, and is asked to. If this stays, its"
                    + " application controller does not work.";

    private static final String LOOKS = "it looks at git every few minutes";

    private static final String ASKED =
            "it was asked to look at git now, and if this stays, its application controller does not work";

    private static final int MAX_MESSAGE = 300;

    /** The number of resources that a sentence names. */
    private static final int MOST_NAMED = 3;

    private final RolloutJudge.ConfigRepository config;
    private final TargetSelection targets;
    private final Map<ApplicationId, Application> applications;
    private final CommitHistory commits;

    /** The commit that a target is to run; null for the one that it runs now. */
    @CheckForNull
    private final String wanted;

    /**
     * Creates a judge of the targets on one server.
     *
     * @param targets the selection of the wave
     * @param applications all applications of the server
     * @param wanted a commit that the clone has, or empty for the one that a target runs now
     */
    TargetJudge(
            RolloutJudge.ConfigRepository config,
            TargetSelection targets,
            Map<ApplicationId, Application> applications,
            CommitHistory commits,
            Optional<String> wanted) {
        this.config = config;
        this.targets = targets;
        this.applications = applications;
        this.commits = commits;
        this.wanted = wanted.orElse(null);
    }

    /** Returns the state of one target. */
    TargetState judge(Application application) throws IOException {
        return judge(application, Set.of());
    }

    /** @param above the applications among whose resources this one is */
    private TargetState judge(Application application, Set<ApplicationId> above) throws IOException {
        List<ConfigSource> sources = ConfigSource.of(application, config.url(), config.mainBranch());
        if (sources.isEmpty()) {
            return state(
                    application,
                    State.MISSING,
                    null,
                    "it takes its manifests from elsewhere, not from " + config.url()
                            + "; correct its repoURL, or leave it out of the wave's applications.");
        }
        Optional<TargetState> unreadable =
                beforeRevision(application, sources.get(0).revision());
        if (unreadable.isPresent()) {
            return unreadable.get();
        }
        for (ConfigSource source : sources) {
            Optional<TargetState> early = beforeHealth(application, source);
            if (early.isPresent()) {
                return early.get();
            }
        }
        String revision = sources.get(0).revision().orElseThrow();
        TargetState own = health(application, revision, wantedSet(revision));
        return own.state() == State.DEPLOYED ? withChildren(own, application, revision, above) : own;
    }

    /** Returns the state of an application of which its status does not say what it runs; empty if it does. */
    private Optional<TargetState> beforeRevision(Application application, Optional<String> revision) {
        String known = revision.orElse(null);
        if (application.isDeleting()) {
            return Optional.of(state(
                    application,
                    State.DELETING,
                    known,
                    "it is being deleted" + conditions(application, "DeletionError")
                            + "; if that is meant, take it out of the wave's applications."));
        }
        if (!application.isReconciled()) {
            return Optional.of(state(
                    application,
                    State.UNKNOWN,
                    known,
                    "Argo CD does not look at it; take its annotation argocd.argoproj.io/skip-reconcile away."));
        }
        for (ApplicationCondition condition : application.conditions()) {
            if (condition.isBreaking()) {
                return Optional.of(
                        state(application, State.BROKEN, known, condition.type() + quoted(condition.message()) + "."));
            }
        }
        Hydration hydration = application.hydration().orElse(null);
        if (hydration != null && hydration.isFailure()) {
            return Optional.of(state(
                    application,
                    State.BROKEN,
                    known,
                    "its manifests could not be hydrated" + quoted(hydration.message()) + "."));
        }
        if (application.isOfEarlierSpec()) {
            return Optional.of(state(
                    application,
                    State.LATE,
                    known,
                    "its sources or its destination were changed, and Argo CD has not compared it with what"
                            + " they are now."));
        }
        return Optional.empty();
    }

    private ImageSet wantedSet(String revision) throws IOException {
        return commits.images(wanted == null ? revision : wanted);
    }

    /** Returns the state of a target that cannot be judged by its health yet; empty if it can. */
    private Optional<TargetState> beforeHealth(Application application, ConfigSource source) throws IOException {
        String revision = source.revision().orElse(null);
        if (revision == null) {
            return Optional.of(state(
                    application,
                    State.LATE,
                    null,
                    source.isHydrated()
                            ? "Argo CD has not synchronised it to a commit that its source hydrator made; it can be"
                                    + " told apart only where the application syncs from the branch that is hydrated to."
                            : "Argo CD has not compared it with any commit yet."));
        }
        if (!commits.has(revision)) {
            String pinned =
                    source.pinned(config.mainBranch()).map(why -> "; " + why).orElse("");
            return Optional.of(state(
                    application,
                    State.UNKNOWN,
                    revision,
                    "Argo CD compared it with " + CommitSha.abbreviate(revision) + ", which is not on "
                            + config.mainBranch() + " of the config repository" + pinned + "."));
        }
        return afterRevision(application, source, revision);
    }

    private Optional<TargetState> afterRevision(Application application, ConfigSource source, String revision)
            throws IOException {
        SyncOperation operation =
                application.operation().filter(known -> !known.isDryRun()).orElse(null);
        boolean behind = wanted != null && !commits.contains(revision, wanted);
        if (!behind && !commits.images(revision).equals(wantedSet(revision))) {
            return Optional.of(state(
                    application,
                    State.SUPERSEDED,
                    revision,
                    "Argo CD has come to " + CommitSha.abbreviate(revision) + ", which has a newer set."));
        }
        if (operation != null
                && operation.phase().isFailure()
                && !application.operationRequested()
                && isLast(application, source, behind)) {
            return Optional.of(state(
                    application,
                    State.FAILED,
                    revision,
                    "its synchronisation ended as " + operation.word() + quoted(operation.message())
                            + ". Argo CD does not try the commit again by itself; synchronise it there, or use"
                            + " retryFailed."));
        }
        if (behind) {
            return Optional.of(state(
                    application,
                    State.LATE,
                    revision,
                    "Argo CD is still at " + CommitSha.abbreviate(revision) + "; "
                            + source.pinned(config.mainBranch())
                                    .orElse(application.isRefreshRequested() ? ASKED : LOOKS)
                            + "."));
        }
        if (application.operationRequested()
                || operation != null
                        && (operation.phase().isRunning()
                                || operation.finishedAt().isEmpty())) {
            // Until Argo CD has begun with what is requested, the message is that of the operation before.
            String words = operation != null && operation.phase().isRunning() ? quoted(operation.message()) : "";
            return Optional.of(state(application, State.SYNCING, revision, "its synchronisation runs" + words + "."));
        }
        if (operation != null && operation.phase() == OperationPhase.UNKNOWN) {
            return Optional.of(state(
                    application,
                    State.UNKNOWN,
                    revision,
                    "Argo CD says \"" + operation.word() + "\" of its synchronisation."));
        }
        if (application.isStale()) {
            return Optional.of(state(application, State.STALE, revision, STALE));
        }
        return switch (application.sync().code()) {
            case OUT_OF_SYNC ->
                Optional.of(waitsForItsTurn(application, revision)
                        .orElseGet(
                                () -> state(application, State.OUT_OF_SYNC, revision, outOfSync(application) + ".")));
            case UNKNOWN ->
                Optional.of(state(
                        application,
                        State.UNKNOWN,
                        revision,
                        "Argo CD says \"" + application.sync().word() + "\" of how it compares with git."));
            case SYNCED -> Optional.empty();
        };
    }

    /**
     * Returns whether no operation follows on one that failed: it was for the wanted commit or a later one, which Argo
     * CD does not try again by itself, or nothing differs any more, so that none is begun for a later commit.
     */
    private boolean isLast(Application application, ConfigSource source, boolean behind) throws IOException {
        String revision = source.operated().orElse(null);
        boolean forWanted =
                revision != null && commits.has(revision) && (wanted == null || commits.contains(revision, wanted));
        return forWanted || !behind && application.sync().code() == SyncStatusCode.SYNCED;
    }

    /**
     * Returns the state of an application that its ApplicationSet synchronises when it is its turn; no step may ask for
     * that before.
     */
    private Optional<TargetState> waitsForItsTurn(Application application, @Nullable String revision) {
        return application
                .applicationSet()
                .filter(owner -> application.syncPolicy().isSwitchedOff())
                .map(owner -> state(
                        application,
                        State.LATE,
                        revision,
                        "it waits for its turn: the ApplicationSet " + owner
                                + " has switched off its automated synchronisation, and with RollingSync synchronises"
                                + " it when the applications of the steps before are healthy. Without RollingSync,"
                                + " leave syncPolicy.automated out of its template."));
    }

    /** Returns why an application stays out of sync and what to do, without the full stop. */
    private static String outOfSync(Application application) {
        List<ApplicationResource> different = application.resources().stream()
                .filter(resource -> !resource.isSynced())
                .toList();
        String named = different.isEmpty()
                ? ""
                : " ("
                        + different.stream()
                                .limit(MOST_NAMED)
                                .map(ApplicationResource::toString)
                                .collect(Collectors.joining(", "))
                        + (different.size() > MOST_NAMED ? ", ..." : "")
                        + ")";
        boolean toPrune = !different.isEmpty() && different.stream().allMatch(ApplicationResource::requiresPruning);
        if (toPrune && !application.syncPolicy().prune()) {
            return "what is no longer in git waits to be removed" + named
                    + "; synchronise it with prune, or set prune: true in its syncPolicy.automated";
        }
        if (application.syncPolicy().automated()) {
            return "it is out of sync" + named + conditions(application, "SyncError")
                    + ", and no synchronisation runs, though it is automatic; a sync window keeps Argo CD from it, or"
                    + " the commit was synchronised already, only in part, or changed by hand since, and selfHeal is off:"
                    + " then synchronise it in Argo CD or with sync: true";
        }
        return "it is out of sync" + named + " and is not synchronised automatically; synchronise it in Argo CD"
                + " or with sync: true, or set syncPolicy.automated";
    }

    private static String conditions(Application application, String type) {
        return application.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .map(condition -> quoted(condition.message()))
                .findFirst()
                .orElse("");
    }

    private TargetState health(Application application, String revision, ImageSet set) {
        String words = quoted(application.health().message());
        HealthStatusCode health = application.health().code();
        return switch (health) {
            case HEALTHY -> healthy(application, revision, set);
            case PROGRESSING -> state(application, State.PROGRESSING, revision, "it is progressing" + words + ".");
            case SUSPENDED ->
                targets.acceptSuspended()
                        ? healthy(application, revision, set)
                        : state(
                                application,
                                State.SUSPENDED,
                                revision,
                                "it is suspended" + words
                                        + "; resume it, or let the wave accept that with acceptSuspended: true.");
            case DEGRADED -> state(application, State.DEGRADED, revision, "it is degraded" + words + ".");
            case MISSING -> state(application, State.PROGRESSING, revision, "its resources are missing" + words + ".");
            case UNKNOWN ->
                state(
                        application,
                        State.UNKNOWN,
                        revision,
                        "Argo CD says \"" + application.health().word() + "\" of its health" + words + ".");
        };
    }

    private TargetState healthy(Application application, String revision, ImageSet set) {
        return otherImage(application, set)
                .map(another -> state(
                        application,
                        State.PROGRESSING,
                        revision,
                        "its pods run " + another + ", not what the set says; if this stays, its manifests do not take"
                                + " the image from the set, or ignoreDifferences keeps Argo CD from changing it."))
                .orElseGet(() -> state(
                        application, State.DEPLOYED, revision, "it runs " + CommitSha.abbreviate(revision) + "."));
    }

    /**
     * Returns the state of an application that runs a revision, with that of the applications below it (an app of
     * apps): the first that is not deployed decides.
     */
    private TargetState withChildren(
            TargetState own, Application application, String revision, Set<ApplicationId> above) throws IOException {
        Set<ApplicationId> path = new HashSet<>(above);
        path.add(application.id());
        for (ApplicationId id : application.children(applications)) {
            if (path.contains(id)) {
                continue;
            }
            TargetState child = child(application, id, revision, path);
            if (child.state() != State.DEPLOYED) {
                return state(
                        application,
                        child.state(),
                        revision,
                        "its application " + id + " is not deployed: " + child.reason());
            }
        }
        return own;
    }

    private TargetState child(Application parent, ApplicationId id, String revision, Set<ApplicationId> above)
            throws IOException {
        Application child = applications.get(id);
        if (child == null || child.isOfAnother(parent.id())) {
            return new TargetState(
                    id,
                    targets.server(),
                    State.UNKNOWN,
                    TargetState.ReportedStatus.NONE,
                    "Argo CD " + targets.server()
                            + " lists no such application: the token may not see it, or it is in a"
                            + " namespace or a cluster that another Argo CD looks after. Then have a wave ask that one for"
                            + " it, and leave the application above it out of this wave.");
        }
        if (!ConfigSource.of(child, config.url(), config.mainBranch()).isEmpty()) {
            return new TargetJudge(
                            config, targets, applications, commits, Optional.of(wanted == null ? revision : wanted))
                    .judge(child, above);
        }
        Optional<TargetState> unreadable = beforeRevision(child, Optional.empty());
        if (unreadable.isPresent()) {
            return unreadable.get();
        }
        SyncOperation operation =
                child.operation().filter(known -> !known.isDryRun()).orElse(null);
        if (child.operationRequested() || operation != null && operation.phase() != OperationPhase.SUCCEEDED) {
            boolean failed = operation != null && operation.phase().isFailure();
            return state(
                    child,
                    failed ? State.DEGRADED : State.SYNCING,
                    null,
                    "its synchronisation is " + (operation == null ? "requested" : operation.word()) + ".");
        }
        if (child.isStale()) {
            return state(child, State.STALE, null, STALE);
        }
        if (child.sync().code() != SyncStatusCode.SYNCED) {
            return waitsForItsTurn(child, null)
                    .orElseGet(() -> state(child, State.OUT_OF_SYNC, null, outOfSync(child) + "."));
        }
        TargetState own = health(child, revision, ImageSet.EMPTY);
        return own.state() == State.DEPLOYED ? withChildren(own, child, revision, above) : own;
    }

    /**
     * Returns an image that the application runs instead of that of the set, if there is one. Argo CD lists the images
     * of all pods, also of those that have ended (a cron job's), so another digest beside the right one proves nothing.
     */
    private static Optional<String> otherImage(Application application, ImageSet set) {
        if (application.images().isEmpty()) {
            return Optional.empty();
        }
        Set<String> ours =
                set.images().values().stream().map(ImageRef::digestReference).collect(Collectors.toSet());
        Set<String> right = new HashSet<>();
        Map<String, String> another = new LinkedHashMap<>();
        for (String image : application.images()) {
            int at = image.indexOf('@');
            if (at > 0) {
                String repository = withoutTag(image.substring(0, at));
                if (ours.contains(repository + image.substring(at))) {
                    right.add(repository);
                } else {
                    another.putIfAbsent(repository, image);
                }
            }
        }
        return set.images().values().stream()
                .map(ImageRef::repository)
                .filter(repository -> !right.contains(repository))
                .map(another::get)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Kustomize writes tag and digest of an image, of which the digest counts. */
    private static String withoutTag(String reference) {
        int colon = reference.lastIndexOf(':');
        return colon > reference.lastIndexOf('/') ? reference.substring(0, colon) : reference;
    }

    private TargetState state(Application application, State state, @Nullable String revision, String reason) {
        return new TargetState(
                application.id(),
                targets.server(),
                state,
                TargetState.ReportedStatus.of(
                        application.sync().word(), application.health().word(), revision),
                reason);
    }

    /** Returns a message of Argo CD to be put into a sentence, with a colon before it; empty if there is none. */
    private static String quoted(String message) {
        String shown = SingleLine.of(message, MAX_MESSAGE);
        return shown.isEmpty() ? "" : ": " + shown.replaceFirst("\\.$", "");
    }
}
