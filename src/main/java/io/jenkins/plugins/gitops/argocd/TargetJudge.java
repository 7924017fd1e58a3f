package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationCondition;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatusCode;
import io.jenkins.plugins.gitops.argocd.Application.OperationPhase;
import io.jenkins.plugins.gitops.argocd.Application.SyncOperation;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatusCode;
import io.jenkins.plugins.gitops.argocd.RolloutJudge.CommitHistory;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.GitUrlEquivalence;
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
 *   <li>Argo CD could render and compare the manifests: no {@code ComparisonError} or {@code InvalidSpecError}.
 *   <li>No operation is requested or running, and the last one did not fail. One that will be retried counts as running
 *       although it has a time at which it finished.
 *   <li>Health was assessed after the last operation ended: {@code reconciledAt > operationState.finishedAt}. Argo CD
 *       runs operations and assesses health in separate loops, and in between it shows the old health. Both times are
 *       in whole seconds, so equal times prove nothing; Argo CD is then asked to refresh the application.
 *   <li>The application is synced to the wanted commit or a descendant of it. A descendant is as good, since a commit
 *       that changes nothing for an application starts no operation there and only moves its revision.
 *   <li>The application is healthy.
 *   <li>The set at its revision is the wanted one, and its pods do not show that another image runs.
 * </ol>
 */
final class TargetJudge {

    private static final int MAX_MESSAGE = 300;
    private static final Set<String> BROKEN = Set.of("ComparisonError", "InvalidSpecError");

    private final String server;
    private final String repoUrl;
    private final CommitHistory commits;

    /** The commit that a target is to run; null for the one that it runs now. */
    @CheckForNull
    private final String wanted;

    /**
     * Creates a judge of the targets on one server.
     *
     * @param server the name of the Argo CD server
     * @param repoUrl the URL of the config repository
     * @param wanted a commit that the clone has, or empty for the one that a target runs now
     */
    TargetJudge(String server, String repoUrl, CommitHistory commits, Optional<String> wanted) {
        this.server = server;
        this.repoUrl = repoUrl;
        this.commits = commits;
        this.wanted = wanted.orElse(null);
    }

    /** Returns the state of one target. */
    TargetState judge(Application application) throws IOException {
        int source = configSource(application);
        if (source < 0) {
            return state(
                    application,
                    State.MISSING,
                    null,
                    "it takes its manifests from elsewhere, not from " + repoUrl + ".");
        }
        String revision = at(application.sync().revisions(), source).orElse(null);
        for (ApplicationCondition condition : application.conditions()) {
            if (BROKEN.contains(condition.type())) {
                return state(application, State.BROKEN, revision, condition.type() + quoted(condition.message()) + ".");
            }
        }
        if (revision == null) {
            return state(application, State.LATE, null, "Argo CD has not compared it with any commit yet.");
        }
        if (!commits.has(revision)) {
            return state(
                    application,
                    State.UNKNOWN,
                    revision,
                    "Argo CD compared it with " + CommitSha.abbreviate(revision)
                            + ", which is not on main of the config repository.");
        }
        ImageSet wantedSet = wanted == null ? commits.images(revision) : commits.images(wanted);
        Optional<TargetState> early = beforeHealth(application, source, revision, wantedSet);
        return early.isPresent() ? early.get() : health(application, revision, wantedSet);
    }

    /** Returns the state of a target that cannot be judged by its health yet; empty if it can. */
    private Optional<TargetState> beforeHealth(Application application, int source, String revision, ImageSet wantedSet)
            throws IOException {
        SyncOperation operation = application.operation().orElse(null);
        boolean behind = wanted != null && !commits.contains(revision, wanted);
        if (!behind && !commits.images(revision).equals(wantedSet)) {
            return Optional.of(state(
                    application,
                    State.SUPERSEDED,
                    revision,
                    "Argo CD has come to " + CommitSha.abbreviate(revision) + ", which has a newer set."));
        }
        if (operation != null
                && operation.phase().isFailure()
                && !application.operationRequested()
                && isLast(application, operation, source, behind)) {
            return Optional.of(state(
                    application,
                    State.FAILED,
                    revision,
                    "its synchronisation ended as " + operation.word() + quoted(operation.message()) + "."));
        }
        if (behind) {
            return Optional.of(state(
                    application,
                    State.LATE,
                    revision,
                    "Argo CD is still at " + CommitSha.abbreviate(revision) + "; it looks at git every few minutes."));
        }
        if (application.operationRequested()
                || operation != null
                        && (operation.phase().isRunning()
                                || operation.finishedAt().isEmpty())) {
            String words = operation == null || application.operationRequested() ? "" : quoted(operation.message());
            return Optional.of(state(application, State.SYNCING, revision, "its synchronisation runs" + words + "."));
        }
        if (operation != null && operation.phase() == OperationPhase.UNKNOWN) {
            return Optional.of(state(
                    application,
                    State.UNKNOWN,
                    revision,
                    "Argo CD says \"" + operation.word() + "\" of its synchronisation."));
        }
        if (isStale(application)) {
            return Optional.of(state(
                    application,
                    State.STALE,
                    revision,
                    "Argo CD has not looked at it since its last synchronisation ended."));
        }
        return switch (application.sync().code()) {
            case OUT_OF_SYNC ->
                Optional.of(state(
                        application,
                        State.OUT_OF_SYNC,
                        revision,
                        "it is out of sync, and no synchronisation runs; does it sync automatically?"));
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
    private boolean isLast(Application application, SyncOperation operation, int source, boolean behind)
            throws IOException {
        String revision = at(operation.revisions(), source).orElse(null);
        boolean forWanted =
                revision != null && commits.has(revision) && (wanted == null || commits.contains(revision, wanted));
        return forWanted || !behind && application.sync().code() == SyncStatusCode.SYNCED;
    }

    private static boolean isStale(Application application) {
        return application
                .operation()
                .flatMap(SyncOperation::finishedAt)
                .filter(finished ->
                        application.reconciledAt().filter(finished::isBefore).isEmpty())
                .isPresent();
    }

    private TargetState health(Application application, String revision, ImageSet set) {
        String words = quoted(application.health().message());
        HealthStatusCode health = application.health().code();
        Optional<String> another = otherImage(application, set);
        return switch (health) {
            case HEALTHY ->
                another.isEmpty()
                        ? state(
                                application,
                                State.DEPLOYED,
                                revision,
                                "it runs " + CommitSha.abbreviate(revision) + ".")
                        : state(
                                application,
                                State.PROGRESSING,
                                revision,
                                "its pods run " + another.get() + ", not what the set says.");
            case PROGRESSING -> state(application, State.PROGRESSING, revision, "it is progressing" + words + ".");
            case SUSPENDED -> state(application, State.PROGRESSING, revision, "it is suspended" + words + ".");
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
            if (ours.contains(image)) {
                right.add(image.substring(0, at));
            } else if (at > 0) {
                another.putIfAbsent(image.substring(0, at), image);
            }
        }
        return set.images().values().stream()
                .map(ImageRef::repository)
                .filter(repository -> !right.contains(repository))
                .map(another::get)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Returns the index of the source that is the config repository; -1 if none is. */
    private int configSource(Application application) {
        for (int i = 0; i < application.sources().size(); i++) {
            if (GitUrlEquivalence.same(application.sources().get(i).repoUrl(), repoUrl)) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<String> at(List<String> revisions, int index) {
        return index < revisions.size()
                ? Optional.of(revisions.get(index)).filter(revision -> !revision.isEmpty())
                : Optional.empty();
    }

    private TargetState state(Application application, State state, @Nullable String revision, String reason) {
        return new TargetState(
                application.id().name(),
                server,
                state,
                Optional.of(application.sync().word()),
                Optional.of(application.health().word()),
                Optional.ofNullable(revision),
                reason);
    }

    /** Returns a message of Argo CD to be put into a sentence, with a colon before it; empty if there is none. */
    private static String quoted(String message) {
        String shown = SingleLine.of(message, MAX_MESSAGE);
        return shown.isEmpty() ? "" : ": " + shown.replaceFirst("\\.$", "");
    }
}
