package io.jenkins.plugins.gitops.flux;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutJudge.CommitHistory;
import io.jenkins.plugins.gitops.argocd.RolloutJudge.ConfigRepository;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxChart;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxCondition;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxId;
import io.jenkins.plugins.gitops.git.GitUrlEquivalence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Judges the rollout of a wave by its targets in Flux. A target counts as deployed when all of this holds; the rules are
 * those of {@code flux get} and of kstatus, but for the revision:
 *
 * <ol>
 *   <li>It is neither being deleted nor suspended, and neither is the Kustomization that has applied it nor their source.
 *   <li>Its controller has seen its present spec: {@code observedGeneration == generation}.
 *   <li>Its manifests come from the config repository, and {@code lastAppliedRevision} is the wanted commit or a
 *       descendant of it. A HelmRelease has no revision of git: that of the Kustomization that has applied it counts,
 *       and that Kustomization has to be deployed too; and a chart from the same repository has to be of that commit.
 *   <li>It is not {@code Stalled} nor {@code Reconciling}, and {@code Ready} is {@code True} for its present spec.
 *   <li>The set at its revision is the wanted one.
 * </ol>
 */
public final class FluxJudge {

    private static final int MAX_MESSAGE = 300;

    /** Reasons for which a Kustomization or HelmRelease is not ready although it was applied. */
    private static final Set<String> UNHEALTHY = Set.of("HealthCheckFailed", "TestFailed", "RemediationFailed");

    /** The version of a chart that is made of each commit: {@code 0.1.0+6a9ca693f6ff.1}. */
    private static final Pattern CHART_OF_COMMIT = Pattern.compile(".*\\+(?<commit>[0-9a-f]{12,40})(?:\\.\\d+)?");

    /** The reason of an object that waits for another one, which its controller tries again soon. */
    private static final String WAITS = "DependencyNotReady";

    private final FluxSelection targets;
    private final ConfigRepository config;
    private final ClusterSnapshot snapshot;
    private final CommitHistory commits;
    private final RolloutRequirement require;

    /**
     * Creates a judge of one wave.
     *
     * @param snapshot the objects of the targets' cluster
     * @param require how many targets have to be deployed
     */
    public FluxJudge(
            FluxSelection targets,
            ConfigRepository config,
            ClusterSnapshot snapshot,
            CommitHistory commits,
            RolloutRequirement require) {
        this.targets = targets;
        this.config = config;
        this.snapshot = snapshot;
        this.commits = commits;
        this.require = require;
    }

    /**
     * Judges the wave.
     *
     * @param wanted a commit that the clone has, or empty to find the commit that the wave runs now
     */
    public Rollout judge(Optional<String> wanted) throws IOException {
        if (!snapshot.read()) {
            return Rollout.unknown(
                    wanted, snapshot.trouble().orElse("The cluster " + targets.cluster() + " has not answered yet."));
        }
        var states = new ArrayList<TargetState>();
        Map<String, FluxKind> missing = new TreeMap<>();
        targets.exactNames().forEach((kind, names) -> names.forEach(name -> missing.put(kind + " " + name, kind)));
        for (FluxObject object : snapshot.objects().values()) {
            if (targets.selects(object)) {
                states.add(judge(object, wanted.orElse(null)));
                missing.remove(object.id().kind() + " " + object.id().name());
                missing.remove(object.id().toString());
            }
        }
        missing.forEach((words, kind) -> {
            String name = words.substring(words.indexOf(' ') + 1);
            int slash = name.indexOf('/');
            states.add(new TargetState(
                    targetId(new FluxId(kind, slash < 0 ? "" : name.substring(0, slash), name.substring(slash + 1))),
                    targets.cluster(),
                    name,
                    State.MISSING,
                    TargetState.ReportedStatus.NONE,
                    "The cluster " + targets.cluster() + " has no " + kind
                            + " of this name, or the token may not see it."
                            + (kind.isOptional() ? " Flux serves them as " + kind.path("") + " from 2.3 on." : "")));
        });
        if (snapshot.trouble().isEmpty() && states.isEmpty()) {
            return Rollout.unknown(
                    wanted,
                    "Nothing in the cluster " + targets.cluster() + " matches " + targets
                            + ", or the token may not see any.");
        }
        return Rollout.of(wanted, states, snapshot.trouble(), commits, require);
    }

    /** Returns the id of a target. A HelmRelease may have the name of a Kustomization, so it has its kind before it. */
    static ApplicationId targetId(FluxId id) {
        return new ApplicationId(
                id.namespace(),
                id.kind() == FluxKind.HELM_RELEASE ? FluxKind.HELM_RELEASE + ":" + id.name() : id.name());
    }

    private TargetState judge(FluxObject object, @Nullable String wanted) throws IOException {
        Optional<FluxObject> applied = object.id().kind() == FluxKind.KUSTOMIZATION
                ? Optional.of(object)
                : object.owner().flatMap(snapshot::find);
        if (applied.isEmpty()) {
            return state(
                    object,
                    State.MISSING,
                    null,
                    "no Kustomization of the cluster has applied it, so that the commit which it runs is not known; let"
                            + " one apply it from the config repository, or leave it out of the wave's helmReleases.");
        }
        return new Judgement(object, applied.get(), wanted).state();
    }

    private static TargetState stateOf(
            String cluster, FluxObject object, State state, @Nullable String revision, String reason) {
        Optional<FluxCondition> ready = object.condition(FluxCondition.READY);
        return new TargetState(
                targetId(object.id()),
                cluster,
                state,
                TargetState.ReportedStatus.of(
                        object.spec().isSuspended()
                                ? "Suspended"
                                : ready.map(FluxCondition::reason).orElse("Unknown"),
                        ready.map(condition -> "Ready=" + condition.status()).orElse("Ready=Unknown"),
                        revision),
                reason);
    }

    private TargetState state(FluxObject object, State state, @Nullable String revision, String reason) {
        return stateOf(targets.cluster(), object, state, revision, reason);
    }

    /** The judgement of one target. */
    private final class Judgement {

        private final FluxObject object;

        /** The Kustomization whose revision counts: the object itself, or the one that has applied it. */
        private final FluxObject applied;

        /** Both of them, in the order in which they become ready. */
        private final List<FluxObject> involved;

        /** The commit that the target is to run; null for the one that it runs now. */
        @CheckForNull
        private final String wanted;

        @CheckForNull
        private String revision;

        Judgement(FluxObject object, FluxObject applied, @Nullable String wanted) {
            this.object = object;
            this.applied = applied;
            this.involved = object.equals(applied) ? List.of(object) : List.of(applied, object);
            this.wanted = wanted;
            this.revision = applied.status()
                    .appliedRevision()
                    .flatMap(FluxRevision::commit)
                    .orElse(null);
        }

        private TargetState is(State state, String reason) {
            return FluxJudge.this.state(object, state, revision, reason);
        }

        TargetState state() throws IOException {
            for (FluxObject each : involved) {
                if (each.isDeleting()) {
                    return is(
                            State.DELETING,
                            named(each) + "is being deleted; if that is meant, take it out of the wave's targets.");
                }
                if (each.spec().isSuspended()) {
                    return is(State.SUSPENDED, suspended(each));
                }
            }
            FluxObject source = applied.spec().source().flatMap(snapshot::find).orElse(null);
            if (source == null) {
                return is(
                        applied.spec().source().isPresent() ? State.BROKEN : State.MISSING,
                        applied.spec()
                                .source()
                                .map(id -> "the cluster has no " + id + ", which it takes its manifests from.")
                                .orElse("it takes its manifests from another kind of source than a GitRepository."));
            }
            if (!GitUrlEquivalence.same(source.spec().url(), config.url())) {
                return is(
                        State.MISSING,
                        "it takes its manifests from elsewhere, not from " + config.url() + "; correct the url of the "
                                + source.id() + ", or leave it out of the wave's targets.");
            }
            TargetState early = beforeRevision(source);
            return early == null ? health() : early;
        }

        /** Returns the state of a target whose revision is not the wanted one yet; null if it is. */
        @CheckForNull
        private TargetState beforeRevision(FluxObject source) throws IOException {
            if (revision == null) {
                return failed(source).orElseGet(() -> is(State.LATE, "Flux has not applied any commit yet."));
            }
            if (!commits.has(revision)) {
                return is(
                        State.UNKNOWN,
                        "Flux has applied " + CommitSha.abbreviate(revision) + ", which is not on "
                                + config.mainBranch() + " of the config repository" + pinned(source) + ".");
            }
            boolean behind = wanted != null && !commits.contains(revision, wanted);
            if (!behind && wanted != null && !commits.images(revision).equals(commits.images(wanted))) {
                return is(
                        State.SUPERSEDED,
                        "Flux has come to " + CommitSha.abbreviate(revision) + ", which has a newer set.");
            }
            if (!behind) {
                return null;
            }
            return failed(source)
                    .orElseGet(() -> is(
                            State.LATE,
                            "Flux is still at " + CommitSha.abbreviate(revision)
                                    + (pinned(source).isEmpty() ? looks(source) : pinned(source)) + "."));
        }

        /** Returns why no newer commit comes, if the source or the Kustomization say that they failed. */
        private Optional<TargetState> failed(FluxObject source) throws IOException {
            if (source.spec().isSuspended()) {
                return Optional.of(is(State.SUSPENDED, suspended(source)));
            }
            for (FluxObject each : List.of(source, applied)) {
                FluxCondition ready = each.condition(FluxCondition.READY).orElse(null);
                if (ready != null
                        && ready.isFalse()
                        && !ready.reason().equals(WAITS)
                        && (each.equals(source) || isAttempted())) {
                    boolean unhealthy = UNHEALTHY.contains(ready.reason());
                    return Optional.of(is(
                            unhealthy ? State.DEGRADED : State.BROKEN,
                            named(each) + "is not ready" + said(ready) + ". Flux tries again by itself" + every(each)
                                    + "."));
                }
            }
            return Optional.empty();
        }

        /** Whether Flux has tried the wanted commit or a later one; also if it does not say what it has tried. */
        private boolean isAttempted() throws IOException {
            String attempted = applied.status()
                    .attemptedRevision()
                    .flatMap(FluxRevision::commit)
                    .orElse(null);
            return wanted == null
                    || attempted == null
                    || !commits.has(attempted)
                    || commits.contains(attempted, wanted);
        }

        private TargetState health() throws IOException {
            for (FluxObject each : involved) {
                if (!isSeen(each)) {
                    return is(State.SYNCING, named(each) + "was changed, and Flux has not come to that yet.");
                }
                FluxCondition stalled = each.condition(FluxCondition.STALLED).orElse(null);
                if (stalled != null && stalled.isTrue()) {
                    return is(State.BROKEN, named(each) + "cannot go on until it is changed" + said(stalled) + ".");
                }
                FluxCondition ready = each.condition(FluxCondition.READY).orElse(null);
                if (ready == null
                        || ready.observedGeneration() >= 0 && ready.observedGeneration() != each.generation()) {
                    return is(State.SYNCING, named(each) + "is applied, and whether it is ready is not known yet.");
                }
                if (ready.isFalse() && ready.reason().equals(WAITS)) {
                    return is(State.SYNCING, named(each) + "waits for another one" + said(ready) + ".");
                }
                if (ready.isFalse()) {
                    return is(
                            UNHEALTHY.contains(ready.reason()) ? State.DEGRADED : State.BROKEN,
                            named(each) + "is not ready" + said(ready) + ".");
                }
                if (each.is(FluxCondition.RECONCILING) || ready.status().equals("Unknown")) {
                    return is(State.PROGRESSING, named(each) + "becomes ready" + said(ready) + ".");
                }
                if (!ready.isTrue()) {
                    return is(State.UNKNOWN, named(each) + "is ready \"" + SingleLine.excerpt(ready.status()) + "\".");
                }
            }
            TargetState older = olderChart();
            return older == null
                    ? is(State.DEPLOYED, "it runs " + CommitSha.abbreviate(String.valueOf(revision)) + " and is ready.")
                    : older;
        }

        /**
         * Whether its controller has come to its present spec. It has failed at one also where it tries that again and
         * does not count it as observed, and a HelmRelease is observed, but not released, while it is suspended.
         */
        private static boolean isSeen(FluxObject each) {
            boolean failed = each.condition(FluxCondition.READY)
                    .filter(ready -> ready.isFalse() && ready.observedGeneration() == each.generation())
                    .isPresent();
            long attempted = each.status().attemptedGeneration();
            return failed
                    || each.generation() == each.status().observedGeneration()
                            && (attempted < 0 || attempted == each.generation());
        }

        /**
         * Returns the state of a HelmRelease whose chart is not of the commit that its Kustomization has applied; null
         * if it is, or if the commit makes no difference to the chart.
         */
        @CheckForNull
        private TargetState olderChart() throws IOException {
            FluxChart chart = object.spec().chart().orElse(null);
            FluxObject source =
                    chart == null ? null : snapshot.find(chart.source()).orElse(null);
            if (source == null || !GitUrlEquivalence.same(source.spec().url(), config.url())) {
                return null;
            }
            if (!chart.isOfRevision()) {
                return chart.hasOuterValues()
                        ? is(
                                State.UNKNOWN,
                                "its chart has a new version only where somebody writes one, so that a commit with"
                                        + " other values does not reach it; set reconcileStrategy: Revision in its"
                                        + " spec.chart.spec.")
                        : null;
            }
            String version = object.status().attemptedRevision().orElse("");
            Matcher suffix = CHART_OF_COMMIT.matcher(version);
            String fetched = source.status()
                    .appliedRevision()
                    .flatMap(FluxRevision::commit)
                    .orElse(null);
            boolean isFetchedEnough = fetched != null
                    && commits.has(fetched)
                    && commits.contains(fetched, wanted == null ? revision : wanted);
            boolean current = suffix.matches()
                    && (String.valueOf(revision).startsWith(suffix.group("commit"))
                            || isFetchedEnough && fetched.startsWith(suffix.group("commit")));
            return current
                    ? null
                    : is(
                            State.SYNCING,
                            "its chart is still of another commit (" + SingleLine.excerpt(version)
                                    + "), and Flux has not come to the present one yet.");
        }

        private String named(FluxObject each) {
            return each.equals(object) ? "it " : "its " + each.id() + " ";
        }

        private String suspended(FluxObject each) {
            return named(each) + "is suspended; resume it with \"flux resume "
                    + command(each.id().kind()) + " " + each.id().name() + " -n "
                    + each.id().namespace() + "\".";
        }

        private String command(FluxKind kind) {
            return switch (kind) {
                case GIT_REPOSITORY -> "source git";
                case KUSTOMIZATION -> "kustomization";
                case HELM_RELEASE -> "helmrelease";
            };
        }

        private String pinned(FluxObject source) {
            String followed = source.spec().branch();
            boolean main = followed.isEmpty()
                    || followed.equals(config.mainBranch())
                    || followed.equals("refs/heads/" + config.mainBranch());
            return main
                    ? ""
                    : "; its " + source.id() + " fetches \"" + SingleLine.excerpt(followed) + "\": let it follow "
                            + config.mainBranch();
        }

        private String looks(FluxObject source) {
            return source.spec().interval().isEmpty()
                    ? ""
                    : "; it looks at git every " + source.spec().interval();
        }

        private String every(FluxObject each) {
            return each.spec().interval().isEmpty()
                    ? ""
                    : ", at the latest every " + each.spec().interval();
        }

        private String said(FluxCondition condition) {
            String words = SingleLine.of(condition.message(), MAX_MESSAGE);
            String reason = SingleLine.excerpt(condition.reason());
            return words.isEmpty() ? " (" + reason + ")" : " (" + reason + "): \"" + words + "\"";
        }
    }
}
