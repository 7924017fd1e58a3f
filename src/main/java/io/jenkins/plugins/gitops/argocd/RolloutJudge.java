package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Application.Condition;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatus;
import io.jenkins.plugins.gitops.argocd.Application.Operation;
import io.jenkins.plugins.gitops.argocd.Application.Phase;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatus;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Judges how far a wave is, by what Argo CD says of its targets. A target counts as deployed when all of this holds;
 * the rules are those of Argo CD's own {@code app wait} and of Kargo's health check, but for the revision:
 *
 * <ol>
 *   <li>Argo CD could say what should be there: no {@code ComparisonError} or {@code InvalidSpecError}.
 *   <li>No operation is asked for or runs, and the last one did not fail. One that is to be tried again counts as
 *       running although it has a time at which it finished.
 *   <li>Health was judged after the last operation ended: {@code reconciledAt > operationState.finishedAt}. Operations
 *       and health are assessed in separate loops, and in between the old health is shown. Both times are in whole
 *       seconds, so that equal ones prove nothing; Argo CD is then asked to look again.
 *   <li>It is synced, to the wanted commit or a descendant of it. A descendant is as good, since a commit that changes
 *       nothing for an application starts no operation there and only moves its revision.
 *   <li>It is healthy.
 *   <li>The set at its revision is the wanted one, and its pods do not show that something else runs.
 * </ol>
 */
public final class RolloutJudge {

    private static final int MAX_MESSAGE = 300;
    private static final Set<String> BROKEN = Set.of("ComparisonError", "InvalidSpecError");

    /** What is known of the commits of the config repository. */
    public interface Commits {

        /** Whether the clone has a commit. */
        boolean has(String sha) throws IOException;

        /** Whether a commit is the other or an ancestor of it; both are known. */
        boolean contains(String descendant, String ancestor) throws IOException;

        /**
         * The set of the wave in a commit.
         *
         * @throws io.jenkins.plugins.gitops.images.InvalidImagesException if its files are no image set
         */
        ImageSet images(String sha) throws IOException;
    }

    private final TargetSelection targets;
    private final String repoUrl;
    private final ServerSnapshot snapshot;
    private final Commits commits;
    private final RolloutRequirement require;

    /**
     * Judges a wave.
     *
     * @param repoUrl the config repository, to know which source of an application is ours
     * @param snapshot the applications of the targets' server
     * @param require how many targets it takes
     */
    public RolloutJudge(TargetSelection targets, String repoUrl, ServerSnapshot snapshot, Commits commits, RolloutRequirement require) {
        this.targets = targets;
        this.require = require;
        this.repoUrl = repoUrl;
        this.snapshot = snapshot;
        this.commits = commits;
    }

    /**
     * Says how far the wave is.
     *
     * @param wanted a commit that the clone has, or null for what the wave runs now
     */
    public Rollout judge(@Nullable String wanted) throws IOException {
        String trouble = snapshot.trouble();
        if (!snapshot.read()) {
            return Rollout.unknown(
                    wanted, trouble != null ? trouble : "Argo CD " + targets.server() + " has not answered yet.");
        }
        var states = new ArrayList<TargetState>();
        var missing = new TreeSet<>(targets.exactNames());
        for (Application application : snapshot.applications().values()) {
            if (targets.selects(application)) {
                states.add(judge(application, wanted));
                missing.remove(application.id().name());
                missing.remove(application.id().toString());
            }
        }
        for (String name : missing) {
            states.add(state(
                    name,
                    State.MISSING,
                    null,
                    null,
                    "Argo CD " + targets.server() + " has no such application, or the token may not see it."));
        }
        if (trouble != null) {
            return new Rollout(wanted, states, null, false, unknownRevisions(states), trouble, require);
        }
        if (states.isEmpty()) {
            return Rollout.unknown(
                    wanted,
                    "No application on Argo CD " + targets.server() + " matches " + described()
                            + ", or the token may not see any.");
        }
        String deployed = deployed(states);
        boolean superseded = deployed == null && states.stream().anyMatch(state -> state.state() == State.SUPERSEDED);
        return new Rollout(wanted, states, deployed, superseded, unknownRevisions(states), null, require);
    }

    private String described() {
        String names = String.join(", ", targets.applications());
        LabelSelector selector = targets.selector();
        return selector == null ? names : names.isEmpty() ? selector.toString() : names + " or " + selector;
    }

    private Set<String> unknownRevisions(List<TargetState> states) throws IOException {
        var unknown = new HashSet<String>();
        for (TargetState state : states) {
            String revision = state.revision();
            // Where it cannot compare, Argo CD says the name of the branch.
            if (revision != null && CommitSha.isFull(revision) && !commits.has(revision)) {
                unknown.add(revision);
            }
        }
        return unknown;
    }

    /**
     * The commit whose set enough targets run, if there is one: of several with the same set the oldest, of several
     * sets the newest.
     */
    @CheckForNull
    private String deployed(List<TargetState> states) throws IOException {
        var running = new LinkedHashMap<String, Set<String>>();
        var oldest = new HashMap<String, String>();
        for (TargetState state : states) {
            String revision = state.revision();
            if (state.state() == State.DEPLOYED && revision != null) {
                String set = commits.images(revision).identity();
                running.computeIfAbsent(set, key -> new HashSet<>()).add(state.name());
                String before = oldest.get(set);
                if (before == null || commits.contains(before, revision)) {
                    oldest.put(set, revision);
                }
            }
        }
        String newest = null;
        for (var set : running.entrySet()) {
            String revision = oldest.get(set.getKey());
            if (require.met(set.getValue(), states.size()) && (newest == null || commits.contains(revision, newest))) {
                newest = revision;
            }
        }
        return newest;
    }

    private TargetState judge(Application application, @Nullable String wanted) throws IOException {
        int source = ourSource(application);
        if (source < 0) {
            return state(
                    application,
                    State.MISSING,
                    null,
                    "it takes its manifests from elsewhere, not from " + repoUrl + ".");
        }
        String revision = at(application.sync().revisions(), source);
        for (Condition condition : application.conditions()) {
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
        TargetState early = beforeHealth(application, source, revision, wanted, wantedSet);
        return early != null ? early : health(application, revision, wantedSet);
    }

    /** What keeps it from being judged by its health, or null. */
    @CheckForNull
    private TargetState beforeHealth(
            Application application, int source, String revision, @Nullable String wanted, ImageSet wantedSet)
            throws IOException {
        Operation operation = application.operation();
        boolean behind = wanted != null && !commits.contains(revision, wanted);
        if (!behind && !commits.images(revision).equals(wantedSet)) {
            return state(
                    application,
                    State.SUPERSEDED,
                    revision,
                    "Argo CD has come to " + CommitSha.abbreviate(revision) + ", which has a newer set.");
        }
        if (operation != null
                && operation.phase().isFailure()
                && !application.operationRequested()
                && isLast(application, operation, source, behind, wanted)) {
            return state(
                    application,
                    State.FAILED,
                    revision,
                    "its synchronisation ended as " + operation.word() + quoted(operation.message()) + ".");
        }
        if (behind) {
            return state(
                    application,
                    State.LATE,
                    revision,
                    "Argo CD is still at " + CommitSha.abbreviate(revision) + "; it looks at git every few minutes.");
        }
        if (application.operationRequested()
                || operation != null && (operation.phase().isRunning() || operation.finishedAt() == null)) {
            String words = operation == null || application.operationRequested() ? "" : quoted(operation.message());
            return state(application, State.SYNCING, revision, "its synchronisation runs" + words + ".");
        }
        if (operation != null && operation.phase() == Phase.UNKNOWN) {
            return state(
                    application,
                    State.UNKNOWN,
                    revision,
                    "Argo CD says \"" + operation.word() + "\" of its synchronisation.");
        }
        if (isStale(application)) {
            return state(
                    application,
                    State.STALE,
                    revision,
                    "Argo CD has not looked at it since its last synchronisation ended.");
        }
        return switch (application.sync().status()) {
            case OUT_OF_SYNC ->
                state(
                        application,
                        State.OUT_OF_SYNC,
                        revision,
                        "it is out of sync, and no synchronisation runs; does it sync automatically?");
            case UNKNOWN ->
                state(
                        application,
                        State.UNKNOWN,
                        revision,
                        "Argo CD says \"" + application.sync().word() + "\" of how it compares with git.");
            case SYNCED -> null;
        };
    }

    /**
     * Whether nothing follows on an operation that failed: it was for the wanted commit or a later one, which Argo CD
     * does not try again by itself, or nothing differs any more, so that none is begun for a later one.
     */
    private boolean isLast(
            Application application, Operation operation, int source, boolean behind, @Nullable String wanted)
            throws IOException {
        String revision = at(operation.revisions(), source);
        boolean forWanted =
                revision != null && commits.has(revision) && (wanted == null || commits.contains(revision, wanted));
        return forWanted || !behind && application.sync().status() == SyncStatus.SYNCED;
    }

    private static boolean isStale(Application application) {
        Operation operation = application.operation();
        var reconciled = application.reconciledAt();
        var finished = operation == null ? null : operation.finishedAt();
        return finished != null && (reconciled == null || !reconciled.isAfter(finished));
    }

    private TargetState health(Application application, String revision, ImageSet set) {
        String words = quoted(application.health().message());
        HealthStatus health = application.health().status();
        String another = runsAnother(application, set);
        return switch (health) {
            case HEALTHY ->
                another == null
                        ? state(
                                application,
                                State.DEPLOYED,
                                revision,
                                "it runs " + CommitSha.abbreviate(revision) + ".")
                        : state(
                                application,
                                State.PROGRESSING,
                                revision,
                                "its pods run " + another + ", not what the set says.");
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
     * An image that it runs instead of that of the set. Argo CD lists the images of all pods, also of those that have
     * ended (a cron job's), so that another digest beside the right one proves nothing.
     */
    @CheckForNull
    private static String runsAnother(Application application, ImageSet set) {
        if (application.images().isEmpty()) {
            return null;
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
                .findFirst()
                .orElse(null);
    }

    private int ourSource(Application application) {
        for (int i = 0; i < application.sources().size(); i++) {
            if (GitUrlEquivalence.same(application.sources().get(i).repoUrl(), repoUrl)) {
                return i;
            }
        }
        return -1;
    }

    @CheckForNull
    private static String at(List<String> revisions, int index) {
        return index < revisions.size() && !revisions.get(index).isEmpty() ? revisions.get(index) : null;
    }

    private TargetState state(Application application, State state, @Nullable String revision, String reason) {
        return state(application.id().name(), state, application, revision, reason);
    }

    private TargetState state(
            String name, State state, @Nullable Application application, @Nullable String revision, String reason) {
        return new TargetState(
                name,
                targets.server(),
                state,
                application == null ? "" : application.sync().word(),
                application == null ? "" : application.health().word(),
                revision,
                reason);
    }

    private static String quoted(String message) {
        String shown = SingleLine.of(message, MAX_MESSAGE);
        return shown.isEmpty() ? "" : ": " + shown.replaceFirst("\\.$", "");
    }
}
