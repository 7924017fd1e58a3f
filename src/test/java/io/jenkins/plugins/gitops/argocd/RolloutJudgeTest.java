package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationCondition;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationResource;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationSource;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatus;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatusCode;
import io.jenkins.plugins.gitops.argocd.Application.Hydration;
import io.jenkins.plugins.gitops.argocd.Application.OperationPhase;
import io.jenkins.plugins.gitops.argocd.Application.SyncOperation;
import io.jenkins.plugins.gitops.argocd.Application.SyncPolicy;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatus;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatusCode;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Argo CD says, and what it means for a wave. */
class RolloutJudgeTest {

    private static final String REPO = "https://git.example.com/acme/cfg-app.git";
    private static final RolloutJudge.ConfigRepository CONFIG = new RolloutJudge.ConfigRepository(REPO, "main");
    private static final Instant FINISHED = Instant.parse("2026-11-24T10:00:00Z");

    /** Four commits in a line; the third only changes another wave, the last brings another set. */
    private static final String FIRST = sha('1');

    private static final String SECOND = sha('2');
    private static final String SAME_SET = sha('3');
    private static final String NEWER_SET = sha('4');
    private static final List<String> LINE = List.of(FIRST, SECOND, SAME_SET, NEWER_SET);
    private static final Map<String, ImageSet> SETS =
            Map.of(FIRST, set("a"), SECOND, set("b"), SAME_SET, set("b"), NEWER_SET, set("c"));

    private final Map<ApplicationId, Application> applications = new TreeMap<>();
    private TargetSelection targets = new TargetSelection("main", List.of("staging-*"), "");
    private RolloutRequirement require = RolloutRequirement.ALL;

    private static String sha(char digit) {
        return String.valueOf(digit).repeat(40);
    }

    private static String digest(String version) {
        return "sha256:" + version.repeat(64);
    }

    private static ImageSet set(String version) {
        return ImageSet.of(Map.of("shop", new ImageRef("docker.example.com/shop", version, digest(version))));
    }

    /** An application in words, well unless told otherwise. */
    private static final class Sketch {
        private final String name;
        private String namespace = "argocd";
        private Application.Builder more;
        private List<ApplicationSource> sources = List.of(new ApplicationSource(REPO, "manifests/staging", "main"));
        private SyncStatus sync = new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of(SECOND));
        private HealthStatus health = new HealthStatus(HealthStatusCode.HEALTHY, "Healthy", "");
        private boolean requested;
        private Optional<SyncOperation> operation = Optional.of(
                new SyncOperation(OperationPhase.SUCCEEDED, "Succeeded", "", Optional.of(FINISHED), List.of(SECOND)));
        private List<ApplicationCondition> conditions = List.of();
        private List<String> images = List.of("docker.example.com/shop@" + digest("b"));
        private Optional<Instant> reconciled = Optional.of(FINISHED.plusSeconds(3));

        Sketch(String name) {
            this.name = name;
            this.more = Application.builder(new ApplicationId(namespace, name));
        }

        Sketch in(String otherNamespace) {
            namespace = otherNamespace;
            more = Application.builder(new ApplicationId(namespace, name));
            return this;
        }

        Sketch with(UnaryOperator<Application.Builder> properties) {
            more = properties.apply(more);
            return this;
        }

        Sketch parentOf(String... children) {
            return with(application -> application.resources(Stream.of(children)
                    .map(child ->
                            new ApplicationResource("argoproj.io", "Application", "argocd", child, "Synced", false))
                    .toList()));
        }

        Sketch from(String targetRevision) {
            sources = List.of(new ApplicationSource(REPO, "manifests/staging", targetRevision));
            return this;
        }

        Sketch synced(String revision) {
            sync = new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of(revision));
            return this;
        }

        Sketch sync(SyncStatusCode status, String word, String revision) {
            sync = new SyncStatus(status, word, List.of(revision));
            return this;
        }

        Sketch health(HealthStatusCode status, String word, String message) {
            health = new HealthStatus(status, word, message);
            return this;
        }

        Sketch operation(OperationPhase phase, String message, Instant finished, String revision) {
            operation = Optional.of(
                    new SyncOperation(phase, phase.name(), message, Optional.ofNullable(finished), List.of(revision)));
            return this;
        }

        Sketch running(String version) {
            images = List.of("docker.example.com/shop@" + digest(version));
            return this;
        }

        Application draw() {
            return more.labels(Map.of("wave", "staging"))
                    .sources(sources)
                    .sync(sync)
                    .health(health)
                    .operationRequested(requested)
                    .operation(operation)
                    .conditions(conditions)
                    .images(images)
                    .reconciledAt(reconciled)
                    .build();
        }
    }

    private static Sketch well(String name) {
        return new Sketch(name);
    }

    private Rollout judge(String wanted, Sketch... sketches) throws IOException {
        for (Sketch sketch : sketches) {
            Application application = sketch.draw();
            applications.put(application.id(), application);
        }
        var snapshot = new ServerSnapshot(applications, true, Optional.empty());
        return new RolloutJudge(targets, CONFIG, snapshot, new LinearHistory(LINE, SETS), require)
                .judge(Optional.ofNullable(wanted));
    }

    private TargetState one(String wanted, Sketch sketch) throws IOException {
        List<TargetState> states = judge(wanted, sketch).targets();
        assertThat(states).hasSize(1);
        return states.get(0);
    }

    @Test
    void isDeployedWhereTheWantedCommitIsSyncedAndHealthy() throws IOException {
        Rollout rollout = judge(SECOND, well("staging-1"), well("staging-2"));

        assertThat(rollout.targets()).extracting(TargetState::state).containsOnly(State.DEPLOYED);
        assertThat(rollout.deployed()).contains(SECOND);
        assertThat(rollout.reason()).isEmpty();
    }

    @Test
    void takesADescendantWithTheSameSetForAsGood() throws IOException {
        Rollout rollout = judge(SECOND, well("staging-1").synced(SAME_SET), well("staging-2"));

        assertThat(rollout.deployed()).as("the oldest of both").contains(SECOND);
    }

    @Test
    void needsNoOperationForACommitThatChangesNothingThere() throws IOException {
        Sketch untouched = well("staging-1").synced(SAME_SET);
        untouched.operation = Optional.empty();

        assertThat(one(SAME_SET, untouched).state()).isEqualTo(State.DEPLOYED);
    }

    @Test
    void isSupersededWhereANewerSetArrives() throws IOException {
        Rollout rollout = judge(
                SECOND, well("staging-1"), well("staging-2").sync(SyncStatusCode.OUT_OF_SYNC, "OutOfSync", NEWER_SET));

        assertThat(rollout.superseded()).isTrue();
        assertThat(rollout.deployed()).isEmpty();
    }

    @Test
    void isLateWhileArgoCdIsAtAnEarlierCommit() throws IOException {
        TargetState late = one(SECOND, well("staging-1").synced(FIRST));

        assertThat(late.state()).isEqualTo(State.LATE);
        assertThat(late.reason()).contains("1111111111");
    }

    @Test
    void isLateAndNotFailedWhereTheOperationForAnEarlierCommitFailed() throws IOException {
        Sketch sketch = well("staging-1")
                .sync(SyncStatusCode.OUT_OF_SYNC, "OutOfSync", FIRST)
                .operation(OperationPhase.FAILED, "no quota", FINISHED, FIRST);

        assertThat(one(SECOND, sketch).state()).isEqualTo(State.LATE);
    }

    @ParameterizedTest
    @EnumSource(
            value = OperationPhase.class,
            names = {"FAILED", "ERROR"})
    void failsWhereTheOperationForTheCommitFailed(OperationPhase phase) throws IOException {
        Sketch sketch = well("staging-1")
                .sync(SyncStatusCode.OUT_OF_SYNC, "OutOfSync", SECOND)
                .operation(phase, "no quota\nleft", FINISHED, SECOND);

        TargetState failed = one(SECOND, sketch);

        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.reason()).contains("no quota left");
    }

    @Test
    void failsWhereAHookFailedThoughEverythingIsSynced() throws IOException {
        Sketch forIt = well("staging-1").operation(OperationPhase.FAILED, "the hook failed", FINISHED, SECOND);
        assertThat(one(SECOND, forIt).state()).isEqualTo(State.FAILED);

        Sketch before = well("staging-1").operation(OperationPhase.FAILED, "the hook failed", FINISHED, FIRST);
        assertThat(one(SECOND, before).state())
                .as("nothing differs, so nothing is tried again")
                .isEqualTo(State.FAILED);
    }

    @Test
    void waitsForAnOperationThatIsToBeTriedAgain() throws IOException {
        Sketch sketch = well("staging-1").operation(OperationPhase.RUNNING, "retrying in 5s", FINISHED, SECOND);

        assertThat(one(SECOND, sketch).state()).isEqualTo(State.SYNCING);
    }

    @Test
    void doesNotFailWhileAnotherOperationIsAskedFor() throws IOException {
        Sketch sketch = well("staging-1")
                .sync(SyncStatusCode.OUT_OF_SYNC, "OutOfSync", SECOND)
                .operation(OperationPhase.FAILED, "no quota", FINISHED, SECOND);
        sketch.requested = true;

        assertThat(one(SECOND, sketch).state()).isEqualTo(State.SYNCING);
    }

    @Test
    void waitsForTheOperationThatRuns() throws IOException {
        TargetState syncing =
                one(SECOND, well("staging-1").operation(OperationPhase.RUNNING, "2 of 3 hooks", null, SECOND));

        assertThat(syncing.state()).isEqualTo(State.SYNCING);
        assertThat(syncing.reason()).contains("2 of 3 hooks");
    }

    /** Argo CD keeps what was requested until the operation has ended. */
    @Test
    void tellsWhatTheOperationWaitsForWhileItIsRequestedToo() throws IOException {
        Sketch running = well("staging-1")
                .operation(OperationPhase.RUNNING, "waiting for completion of hook batch/Job/check", null, SECOND);
        running.requested = true;
        assertThat(one(SECOND, running).reason())
                .isEqualTo("its synchronisation runs: waiting for completion of hook batch/Job/check.");

        Sketch requested = well("staging-1")
                .operation(OperationPhase.SUCCEEDED, "successfully synced (all tasks run)", FINISHED, SECOND);
        requested.requested = true;
        assertThat(one(SECOND, requested).reason())
                .as("the message is of the operation before")
                .isEqualTo("its synchronisation runs.");
    }

    @Test
    void saysThatARefreshWasAskedForWhichNobodyDoes() throws IOException {
        Sketch asked = well("staging-1").synced(FIRST).with(application -> application.refreshRequested(true));

        TargetState late = one(SECOND, asked);

        assertThat(late.state()).isEqualTo(State.LATE);
        assertThat(late.reason())
                .isEqualTo("Argo CD is still at 1111111111; it was asked to look at git now, and if this stays, its"
                        + " application controller does not work.");
    }

    @Test
    void saysWhatKeepsPodsFromTheImageOfTheSet() throws IOException {
        TargetState other = one(SECOND, well("staging-1").running("a"));

        assertThat(other.state()).isEqualTo(State.PROGRESSING);
        assertThat(other.reason())
                .isEqualTo("its pods run docker.example.com/shop@" + digest("a") + ", not what the set says; if this"
                        + " stays, its manifests do not take the image from the set, or ignoreDifferences keeps Argo CD"
                        + " from changing it.");
    }

    @Test
    void trustsNoHealthThatWasJudgedBeforeTheOperationEnded() throws IOException {
        Sketch sketch = well("staging-1");
        sketch.reconciled = Optional.of(FINISHED.minusSeconds(1));
        assertThat(one(SECOND, sketch).state()).isEqualTo(State.STALE);

        sketch.reconciled = Optional.empty();
        assertThat(one(SECOND, sketch).state()).isEqualTo(State.STALE);

        sketch.reconciled = Optional.of(FINISHED);
        assertThat(one(SECOND, sketch).state())
                .as("the times are in whole seconds")
                .isEqualTo(State.STALE);

        sketch.reconciled = Optional.of(FINISHED.plusSeconds(1));
        assertThat(one(SECOND, sketch).state()).isEqualTo(State.DEPLOYED);
    }

    @ParameterizedTest
    @EnumSource(HealthStatusCode.class)
    void isDeployedOnlyWhenHealthy(HealthStatusCode health) throws IOException {
        TargetState state = one(SECOND, well("staging-1").health(health, health.name(), "pods crash"));

        assertThat(state.state() == State.DEPLOYED).isEqualTo(health == HealthStatusCode.HEALTHY);
        assertThat(state.state().isUnwell()).isEqualTo(health == HealthStatusCode.DEGRADED);
        if (health != HealthStatusCode.HEALTHY) {
            assertThat(state.reason()).contains("pods crash");
        }
    }

    @Test
    void takesNoWordItDoesNotKnowForSuccess() throws IOException {
        TargetState sync = one(SECOND, well("staging-1").sync(SyncStatusCode.UNKNOWN, "Dreaming", SECOND));
        assertThat(sync.state()).isEqualTo(State.UNKNOWN);
        assertThat(sync.reason()).contains("Dreaming");

        TargetState health = one(SECOND, well("staging-1").health(HealthStatusCode.UNKNOWN, "Elated", ""));
        assertThat(health.state()).isEqualTo(State.UNKNOWN);
        assertThat(health.reason()).contains("Elated");

        TargetState phase = one(SECOND, well("staging-1").operation(OperationPhase.UNKNOWN, "", FINISHED, SECOND));
        assertThat(phase.state()).isEqualTo(State.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ComparisonError", "InvalidSpecError", "UnknownError", "DeletionError", "SomeNewError"})
    void isBrokenWhileArgoCdCannotSayWhatShouldBeThere(String condition) throws IOException {
        Sketch sketch = well("staging-1");
        sketch.conditions = List.of(new ApplicationCondition(condition, "rpc error: repo not found."));

        TargetState broken = one(SECOND, sketch);

        assertThat(broken.state()).isEqualTo(State.BROKEN);
        assertThat(broken.reason()).isEqualTo(condition + ": rpc error: repo not found.");
    }

    @Test
    void believesThePodsMoreThanTheStatus() throws IOException {
        Sketch sketch = well("staging-1");
        sketch.images = List.of("docker.example.com/shop@" + digest("a"), "docker.example.com/proxy:1");
        TargetState old = one(SECOND, sketch);
        assertThat(old.state()).isEqualTo(State.PROGRESSING);
        assertThat(old.reason()).contains(digest("a"));

        sketch.images = List.of("docker.example.com/shop@" + digest("a"), "docker.example.com/shop@" + digest("b"));
        assertThat(one(SECOND, sketch).state())
                .as("a pod that ended keeps its image")
                .isEqualTo(State.DEPLOYED);
    }

    @Test
    void looksAtTheSourceThatIsOurs() throws IOException {
        Sketch sketch = well("staging-1");
        sketch.sources = List.of(
                new ApplicationSource("https://charts.example.com", "", "1.2"),
                new ApplicationSource("git@git.example.com:acme/cfg-app.git", "manifests/staging", "main"));
        sketch.sync = new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of(NEWER_SET, SECOND));
        sketch.operation = Optional.of(new SyncOperation(
                OperationPhase.SUCCEEDED, "Succeeded", "", Optional.of(FINISHED), List.of(NEWER_SET, SECOND)));

        assertThat(one(SECOND, sketch).state()).isEqualTo(State.DEPLOYED);
    }

    @Test
    void looksAtEachSourceThatIsOurs() throws IOException {
        Sketch sketch = well("staging-1");
        sketch.sources =
                List.of(new ApplicationSource(REPO, "values", "main"), new ApplicationSource(REPO, "x", FIRST));
        sketch.sync = new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of(SECOND, FIRST));

        TargetState pinned = one(SECOND, sketch);

        assertThat(pinned.state()).isEqualTo(State.LATE);
        assertThat(pinned.reason()).contains("pins it to the commit 1111111111", "let it follow main");
    }

    @Test
    void tellsApplicationsOfOneNameApartAndShowsThatOnlyWhereItHasTo() throws IOException {
        Rollout rollout = judge(
                SECOND,
                well("staging-1").in("team-a"),
                well("staging-1").in("team-b").health(HealthStatusCode.DEGRADED, "Degraded", ""),
                well("staging-2"));

        assertThat(rollout.targets())
                .extracting(TargetState::name)
                .containsExactly("team-a/staging-1", "team-b/staging-1", "staging-2");
        assertThat(rollout.deployed()).isEmpty();

        assertThat(judge(SECOND, well("staging-1").in("team-b")).deployed())
                .as("three targets of which two have one name")
                .contains(SECOND);
    }

    @Test
    void isNotDeployedWhileItIsBeingDeleted() throws IOException {
        TargetState deleting = one(SECOND, well("staging-1").with(application -> application.deleting(true)));

        assertThat(deleting.state()).isEqualTo(State.DELETING);
        assertThat(deleting.state().isUnwell()).isTrue();
    }

    @Test
    void believesNothingOfAnApplicationThatArgoCdLeavesAlone() throws IOException {
        TargetState ignored = one(SECOND, well("staging-1").with(application -> application.reconciled(false)));

        assertThat(ignored.state()).isEqualTo(State.UNKNOWN);
        assertThat(ignored.reason()).contains("skip-reconcile");
    }

    @Test
    void waitsForAComparisonWithTheSpecOfNow() throws IOException {
        TargetState moved = one(SECOND, well("staging-1").with(application -> application.ofEarlierSpec(true)));

        assertThat(moved.state()).isEqualTo(State.LATE);
        assertThat(moved.reason()).contains("its destination were changed");
    }

    @Test
    void takesASuspendedApplicationOnlyWhereTheWaveAcceptsThat() throws IOException {
        Sketch suspended = well("staging-1").health(HealthStatusCode.SUSPENDED, "Suspended", "");
        TargetState waiting = one(SECOND, suspended);
        assertThat(waiting.state()).isEqualTo(State.SUSPENDED);
        assertThat(waiting.reason()).contains("acceptSuspended");

        targets = targets.acceptSuspended(true);
        assertThat(one(SECOND, suspended).state()).isEqualTo(State.DEPLOYED);
        assertThat(one(SECOND, suspended.running("a")).state())
                .as("all else has to be as it should be")
                .isEqualTo(State.PROGRESSING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HEAD", "main", "refs/heads/main"})
    void followsMainByEachOfItsNames(String targetRevision) throws IOException {
        assertThat(one(SECOND, well("staging-1").from(targetRevision).synced(FIRST))
                        .reason())
                .contains("looks at git every few minutes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1111111", "1111111111111111111111111111111111111111", "v1.2", "release"})
    void saysThatAnApplicationDoesNotFollowMain(String targetRevision) throws IOException {
        TargetState pinned = one(SECOND, well("staging-1").from(targetRevision).synced(FIRST));

        assertThat(pinned.state()).isEqualTo(State.LATE);
        assertThat(pinned.reason()).contains("targetRevision", targetRevision.substring(0, 4), "let it follow main");
    }

    @Test
    void anOperationThatOnlyTriesCountsForNothing() throws IOException {
        Sketch sketch = well("staging-1");
        sketch.operation = Optional.of(
                new SyncOperation(OperationPhase.FAILED, "Failed", "no", Optional.of(FINISHED), List.of(SECOND), true));

        assertThat(one(SECOND, sketch).state()).isEqualTo(State.DEPLOYED);
    }

    @Test
    void saysWhatToDoAboutAnApplicationThatStaysOutOfSync() throws IOException {
        Sketch out = well("staging-1").sync(SyncStatusCode.OUT_OF_SYNC, "OutOfSync", SECOND);
        assertThat(one(SECOND, out).reason()).contains("not synchronised automatically", "sync: true");

        out.with(application -> application.applicationSet(Optional.of("shops")));
        assertThat(one(SECOND, out).state()).isEqualTo(State.OUT_OF_SYNC);
        out.with(application -> application.syncPolicy(new SyncPolicy(false, false, false, true)));
        assertThat(one(SECOND, out).state())
                .as("nobody may synchronise it before")
                .isEqualTo(State.LATE);
        assertThat(one(SECOND, out).reason()).contains("ApplicationSet shops", "waits for its turn");

        out.with(application -> application.syncPolicy(new SyncPolicy(true, false, false, false)));
        assertThat(one(SECOND, out).reason()).contains("sync window", "selfHeal");

        out.conditions = List.of(new ApplicationCondition("SyncError", "auto-sync will wipe out all resources"));
        assertThat(one(SECOND, out).reason()).contains("wipe out all resources");

        out.with(application -> application.resources(
                List.of(new ApplicationResource("apps", "Deployment", "shop", "old", "OutOfSync", true))));
        assertThat(one(SECOND, out).reason()).contains("Deployment old", "prune: true");
        assertThat(one(SECOND, out).state()).isEqualTo(State.OUT_OF_SYNC);
    }

    private static Sketch hydrated(String word, String dry, String hydrated) {
        Sketch sketch = well("staging-1");
        sketch.sources = List.of(new ApplicationSource(REPO, "web", "env/staging"));
        sketch.sync = new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of("h".repeat(40)));
        sketch.operation = Optional.of(new SyncOperation(
                OperationPhase.SUCCEEDED, "Succeeded", "", Optional.of(FINISHED), List.of("h".repeat(40))));
        return sketch.with(application -> application.hydration(Optional.of(
                new Hydration(new ApplicationSource(REPO, "dry", "main"), word, "no such folder", dry, hydrated))));
    }

    @Test
    void takesWhatAHydratorMadeForTheCommitThatItWasMadeFrom() throws IOException {
        String made = "h".repeat(40);

        TargetState deployed = one(SECOND, hydrated("Hydrated", SECOND, made));
        assertThat(deployed.state()).isEqualTo(State.DEPLOYED);
        assertThat(deployed.revision()).contains(SECOND);

        assertThat(one(SAME_SET, hydrated("Hydrated", SECOND, made)).state())
                .as("the later commit is not rendered yet")
                .isEqualTo(State.LATE);
        assertThat(one(SAME_SET, hydrated("Hydrating", SECOND, made)).state()).isEqualTo(State.LATE);
        assertThat(one(SECOND, hydrated("Hydrated", SECOND, "another")).state())
                .as("made, and not synchronised yet")
                .isEqualTo(State.LATE);
        assertThat(one(SECOND, hydrated("Hydrated", SECOND, "another")).reason())
                .contains("source hydrator made");
        Sketch uncompared = well("staging-1");
        uncompared.sync = new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of());
        assertThat(one(SECOND, uncompared).reason()).contains("has not compared it with any commit yet");
        assertThat(one(SECOND, hydrated("Hydrated", "", made)).reason()).contains("source hydrator made");
        uncompared.sync = new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of(""));
        assertThat(one(SECOND, uncompared).reason()).contains("has not compared it with any commit yet");
        Sketch elsewhere = hydrated("Hydrated", SECOND, made)
                .with(application -> application.hydration(Optional.of(new Hydration(
                        new ApplicationSource("https://git.example.com/acme/other.git", "dry", "main"),
                        "Hydrated",
                        "",
                        SECOND,
                        made))));
        elsewhere.sources = List.of(new ApplicationSource("https://git.example.com/acme/made.git", "web", "env"));
        assertThat(one(SECOND, elsewhere).state()).isEqualTo(State.MISSING);
        TargetState notApplied = one(
                SECOND,
                hydrated("Hydrated", SECOND, made)
                        .sync(SyncStatusCode.OUT_OF_SYNC, "OutOfSync", made)
                        .operation(OperationPhase.FAILED, "no quota", FINISHED, made));
        assertThat(notApplied.reason()).contains("no quota");
        TargetState failed = one(SECOND, hydrated("Failed", FIRST, made));
        assertThat(failed.state()).isEqualTo(State.BROKEN);
        assertThat(failed.reason()).contains("no such folder");
    }

    @Test
    void isDeployedOnlyWithTheApplicationsAmongItsResources() throws IOException {
        targets = new TargetSelection("main", List.of("staging-all"), "");
        Sketch all = well("staging-all").parentOf("eu", "us");

        assertThat(one(SECOND, all).reason()).contains("argocd/eu", "the token may not see it");

        judge(SECOND, all, well("eu"), well("us").health(HealthStatusCode.DEGRADED, "Degraded", "no pods"));
        TargetState degraded = one(SECOND, all);
        assertThat(degraded.state()).isEqualTo(State.DEGRADED);
        assertThat(degraded.reason()).contains("argocd/us", "no pods");

        judge(SECOND, well("us").synced(FIRST));
        assertThat(one(SECOND, all).state()).isEqualTo(State.LATE);

        judge(
                SECOND,
                well("us").parentOf("staging-all", "us", "nested"),
                well("nested").running("a"));
        assertThat(one(SECOND, all).state()).as("children of children").isEqualTo(State.PROGRESSING);

        judge(SECOND, well("nested"));
        assertThat(one(SECOND, all).state()).isEqualTo(State.DEPLOYED);
    }

    /** The one below is in another cluster, and the server lists one of its name and namespace in its own. */
    @Test
    void takesNoApplicationForOneBelowThatSaysItIsSomebodyElses() throws IOException {
        targets = new TargetSelection("main", List.of("staging-all"), "");
        Sketch all = well("staging-all").parentOf("web");
        for (String owner : List.of("staging-all", "argocd_staging-all")) {
            judge(SECOND, well("web").with(application -> application.trackedBy(Optional.of(owner))));
            assertThat(one(SECOND, all).state()).as(owner).isEqualTo(State.DEPLOYED);
        }

        judge(SECOND, well("web").with(application -> application.trackedBy(Optional.of("addons"))));

        assertThat(one(SECOND, all).state()).isEqualTo(State.UNKNOWN);
        assertThat(one(SECOND, all).reason()).contains("argocd/web", "a cluster that another Argo CD looks after");
    }

    @Test
    void saysWhereAnApplicationBelowMayBeThatTheServerDoesNotList() throws IOException {
        targets = new TargetSelection("main", List.of("staging-all"), "");

        TargetState unknown = one(SECOND, well("staging-all").parentOf("far"));

        assertThat(unknown.state()).isEqualTo(State.UNKNOWN);
        assertThat(unknown.reason())
                .isEqualTo(
                        "its application argocd/far is not deployed: Argo CD main lists no such application: the token"
                                + " may not see it, or it is in a namespace or a cluster that another Argo CD looks after. Then"
                                + " have a wave ask that one for it, and leave the application above it out of this wave.");
    }

    @Test
    void isDeployedOnlyWithTheApplicationsThatAnApplicationSetAmongItsResourcesHasMade() throws IOException {
        targets = new TargetSelection("main", List.of("staging-all"), "");
        Sketch all = well("staging-all")
                .with(application -> application.resources(List.of(
                        new ApplicationResource("argoproj.io", "ApplicationSet", "argocd", "shops", "Synced", false))));
        assertThat(one(SECOND, all).state()).as("it makes none").isEqualTo(State.DEPLOYED);

        Sketch made = well("eu")
                .with(application -> application.applicationSet(Optional.of("shops")))
                .health(HealthStatusCode.DEGRADED, "Degraded", "no pods");
        judge(
                SECOND,
                all,
                made,
                well("us")
                        .with(application -> application.applicationSet(Optional.of("others")))
                        .synced(FIRST));
        assertThat(one(SECOND, all).state()).isEqualTo(State.DEGRADED);
        assertThat(one(SECOND, all).reason()).contains("argocd/eu", "no pods");

        judge(SECOND, made.health(HealthStatusCode.HEALTHY, "Healthy", ""));
        assertThat(one(SECOND, all).state()).isEqualTo(State.DEPLOYED);
    }

    @Test
    void childrenFromElsewhereHaveToBeWellToo() throws IOException {
        targets = new TargetSelection("main", List.of("staging-all"), "");
        Sketch all = well("staging-all").parentOf("proxy");
        Sketch proxy = well("proxy").running("a");
        proxy.sources = List.of(new ApplicationSource("https://charts.example.com", "", "1.2"));
        proxy.sync = new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of("1.2"));
        judge(SECOND, all, proxy);
        assertThat(one(SECOND, all).state()).isEqualTo(State.DEPLOYED);

        judge(SECOND, proxy.operation(OperationPhase.RUNNING, "", null, "1.2"));
        assertThat(one(SECOND, all).state()).isEqualTo(State.SYNCING);
        judge(SECOND, proxy.operation(OperationPhase.FAILED, "", FINISHED, "1.2"));
        assertThat(one(SECOND, all).state()).as("nobody knows for what").isEqualTo(State.DEGRADED);
        judge(SECOND, proxy.operation(OperationPhase.SUCCEEDED, "", FINISHED.plusSeconds(9), "1.2"));
        assertThat(one(SECOND, all).state()).isEqualTo(State.STALE);
        judge(SECOND, proxy.operation(OperationPhase.SUCCEEDED, "", FINISHED, "1.2"));
        assertThat(one(SECOND, all).state()).isEqualTo(State.DEPLOYED);
        judge(SECOND, proxy.parentOf("deep"), well("deep").health(HealthStatusCode.DEGRADED, "Degraded", "no pods"));
        assertThat(one(SECOND, all).state()).as("the children of such a child").isEqualTo(State.DEGRADED);
        judge(SECOND, well("deep"));
        assertThat(one(SECOND, all).state()).isEqualTo(State.DEPLOYED);
        judge(SECOND, proxy.sync(SyncStatusCode.OUT_OF_SYNC, "OutOfSync", "1.2"));
        assertThat(one(SECOND, all).state()).isEqualTo(State.OUT_OF_SYNC);
        proxy.conditions = List.of(new ApplicationCondition("ComparisonError", "no such chart"));
        judge(SECOND, proxy);
        assertThat(one(SECOND, all).state()).isEqualTo(State.BROKEN);
        assertThat(one(SECOND, all).reason()).contains("no such chart");
    }

    @Test
    void childrenHaveToRunWhatTheirParentRunsWhereNoCommitIsWanted() throws IOException {
        targets = new TargetSelection("main", List.of("staging-all"), "");
        Sketch all = well("staging-all").parentOf("eu");
        judge(null, all, well("eu").synced(FIRST));
        assertThat(one(null, all).state()).isEqualTo(State.LATE);

        judge(null, well("eu"));
        assertThat(one(null, all).state()).isEqualTo(State.DEPLOYED);
    }

    @Test
    void ofAnUnknownCommitItIsSaidWhyItIsNotThatOfMain() throws IOException {
        TargetState pinned = one(SECOND, well("staging-1").from("v1.2").synced("9".repeat(40)));

        assertThat(pinned.state()).isEqualTo(State.UNKNOWN);
        assertThat(pinned.reason()).contains("; its targetRevision is \"v1.2\"; let it follow main");
    }

    @Test
    void ofAChildFromElsewhereOnlyRealOperationsCount() throws IOException {
        targets = new TargetSelection("main", List.of("staging-all"), "");
        Sketch all = well("staging-all").parentOf("proxy");
        Sketch proxy = well("proxy").running("a");
        proxy.sources = List.of(new ApplicationSource("https://charts.example.com", "", "1.2"));
        proxy.sync = new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of("1.2"));
        proxy.operation = Optional.of(
                new SyncOperation(OperationPhase.FAILED, "Failed", "no", Optional.of(FINISHED), List.of("1.2"), true));
        judge(SECOND, all, proxy);
        assertThat(one(SECOND, all).state()).as("it only tried").isEqualTo(State.DEPLOYED);

        proxy.requested = true;
        proxy.operation = Optional.empty();
        judge(SECOND, proxy);
        assertThat(one(SECOND, all).state()).isEqualTo(State.SYNCING);
        assertThat(one(SECOND, all).reason()).contains("its synchronisation is requested");
    }

    @Test
    void namesTheFirstOfTheResourcesThatDifferAndNoOthers() throws IOException {
        Sketch out = well("staging-1").sync(SyncStatusCode.OUT_OF_SYNC, "OutOfSync", SECOND);
        out.conditions = List.of(new ApplicationCondition("OrphanedResourceWarning", "something else"));
        out.with(application -> application.syncPolicy(new SyncPolicy(true, false, false, false)));
        out.with(application -> application.resources(Stream.of("a=Synced", "b", "c", "d")
                .map(name -> name.split("="))
                .map(name -> new ApplicationResource(
                        "apps", "Deployment", "shop", name[0], name.length > 1 ? name[1] : "OutOfSync", false))
                .toList()));
        assertThat(one(SECOND, out).reason())
                .contains("(Deployment b, Deployment c, Deployment d)")
                .doesNotContain("Deployment a", "something else", "...");

        out.with(application -> application.resources(Stream.of("b", "c", "d", "e")
                .map(name -> new ApplicationResource("apps", "Deployment", "shop", name, "OutOfSync", false))
                .toList()));
        assertThat(one(SECOND, out).reason()).contains("Deployment d, ...)").doesNotContain("Deployment e");
    }

    @Test
    void isMissingWhereItsSourceIsAnotherRepository() throws IOException {
        Sketch sketch = well("staging-1");
        sketch.sources = List.of(new ApplicationSource("https://git.example.com/acme/other.git", "", "main"));

        assertThat(one(SECOND, sketch).state()).isEqualTo(State.MISSING);
    }

    @Test
    void namesAnApplicationThatIsNotThere() throws IOException {
        targets = new TargetSelection("main", List.of("staging-1", "staging-2"), "");

        Rollout rollout = judge(SECOND, well("staging-1"));

        assertThat(rollout.waiting()).extracting(TargetState::name).containsExactly("staging-2");
        assertThat(rollout.waiting().get(0).state()).isEqualTo(State.MISSING);
        assertThat(rollout.deployed()).isEmpty();
    }

    @Test
    void saysThatNothingMatches() throws IOException {
        targets = new TargetSelection("main", List.of(), "wave=production");

        Rollout rollout = judge(SECOND, well("staging-1"));

        assertThat(rollout.deployed()).isEmpty();
        assertThat(rollout.trouble().orElseThrow()).contains("matches wave=production, or");

        targets = new TargetSelection("main", List.of("production-*"), "wave=production");
        assertThat(judge(SECOND).trouble().orElseThrow()).contains("matches production-* or wave=production, or");
    }

    @Test
    void asksForACommitThatTheCloneDoesNotHaveYet() throws IOException {
        String unknown = sha('9');

        Rollout rollout = judge(SECOND, well("staging-1").synced(unknown));

        assertThat(rollout.unknownRevisions()).containsExactly(unknown);
        assertThat(rollout.targets().get(0).state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void looksForNoCommitByTheNameOfABranch() throws IOException {
        Sketch sketch = well("staging-1").synced("main");
        sketch.conditions = List.of(new ApplicationCondition("ComparisonError", "no such path"));

        assertThat(judge(SECOND, sketch).unknownRevisions()).isEmpty();
    }

    @Test
    void findsOutWhatTheWaveRunsNow() throws IOException {
        assertThat(judge(null, well("staging-1").synced(SAME_SET), well("staging-2"))
                        .deployed())
                .contains(SECOND);
        Rollout apart = judge(
                null,
                well("staging-1").synced(SECOND),
                well("staging-2").synced(FIRST).running("a"));
        assertThat(apart.deployed()).isEmpty();
        assertThat(apart.reason()).contains("different sets");
    }

    @Test
    void saysNothingBeforeTheServerHasAnsweredOrWhileItDoesNot() throws IOException {
        var never = new RolloutJudge(targets, CONFIG, ServerSnapshot.NOTHING, new LinearHistory(LINE, SETS), require)
                .judge(Optional.of(SECOND));
        assertThat(never.deployed()).isEmpty();
        assertThat(never.reason()).contains("has not answered");

        Application application = well("staging-1").draw();
        var stale = new ServerSnapshot(
                Map.of(application.id(), application), true, Optional.of("The token of Argo CD main has expired."));
        var rollout = new RolloutJudge(targets, CONFIG, stale, new LinearHistory(LINE, SETS), require)
                .judge(Optional.of(SECOND));
        assertThat(rollout.deployed()).isEmpty();
        assertThat(rollout.reason()).isEqualTo("The token of Argo CD main has expired.");
    }

    @Test
    void namesTheFirstFewOfManyThatWait() throws IOException {
        var sketches = new ArrayList<Sketch>();
        for (int i = 0; i < 9; i++) {
            sketches.add(well("staging-" + i).synced(FIRST));
        }

        String reason = judge(SECOND, sketches.toArray(Sketch[]::new)).reason();

        assertThat(reason)
                .startsWith("0 of 9 targets are deployed. staging-0: ")
                .endsWith("And 4 more.");
    }

    @Test
    void takesAsManyTargetsAsAreRequired() throws IOException {
        require = RolloutRequirement.parse("2");

        var rollout = judge(
                SECOND,
                well("staging-1").sync(SyncStatusCode.SYNCED, "Synced", SECOND),
                well("staging-2").sync(SyncStatusCode.SYNCED, "Synced", SECOND),
                well("staging-3")
                        .sync(SyncStatusCode.SYNCED, "Synced", SECOND)
                        .health(HealthStatusCode.DEGRADED, "Degraded", "crash loop"));

        assertThat(rollout.deployed()).contains(SECOND);
        assertThat(rollout.isPossibleWithout(rollout.waiting())).isTrue();
        assertThat(rollout.isPossibleWithout(rollout.targets().subList(0, 2))).isFalse();
        assertThat(rollout.summary()).isEqualTo("2 of 3 targets are deployed; required: 2.");
    }

    @Test
    void ofSeveralSetsThatAreEnoughTheNewestCounts() throws IOException {
        require = RolloutRequirement.parse("1");

        var rollout = judge(
                null,
                well("staging-1").sync(SyncStatusCode.SYNCED, "Synced", FIRST),
                well("staging-2").sync(SyncStatusCode.SYNCED, "Synced", SAME_SET),
                well("staging-3").sync(SyncStatusCode.SYNCED, "Synced", SECOND));

        assertThat(rollout.deployed()).contains(SECOND);
    }

    @Test
    void aWaveWithoutApplicationsRunsWhatMainHas() {
        assertThat(Rollout.ofMain(Optional.of(FIRST), SECOND, false).deployed()).contains(SECOND);
        assertThat(Rollout.ofMain(Optional.of(FIRST), SECOND, false).reason()).isEmpty();
        Rollout superseded = Rollout.ofMain(Optional.of(FIRST), SECOND, true);
        assertThat(superseded.deployed()).isEmpty();
        assertThat(superseded.summary()).isEqualTo("A newer set has arrived.");
        assertThat(superseded.reason()).isEqualTo("A newer set has arrived.");
    }

    @Test
    void theTargetsThatAreWaitedForAreNamed() throws IOException {
        Rollout rollout = judge(SECOND, well("staging-1").synced(FIRST), well("staging-2"));

        assertThat(rollout.reason())
                .isEqualTo("1 of 2 targets are deployed. staging-1: "
                        + rollout.waiting().get(0).reason());
    }

    @Test
    void ofTwoSetsThatRunOnEnoughTargetsTheNewerIsDeployed() throws IOException {
        require = RolloutRequirement.parse("1");

        assertThat(judge(null, well("staging-1").synced(FIRST).running("a"), well("staging-2"))
                        .deployed())
                .contains(SECOND);
        assertThat(judge(
                                null,
                                well("staging-1"),
                                well("staging-2").synced(FIRST).running("a"))
                        .deployed())
                .contains(SECOND);
    }

    @Test
    void theApplicationsBelowAnotherAreFoundOnce() throws IOException {
        judge(
                SECOND,
                well("all").parentOf("eu", "gone"),
                well("eu").parentOf("all", "web"),
                well("web"),
                well("other"));
        var snapshot = new ServerSnapshot(applications, true, Optional.empty());

        assertThat(snapshot.withChildren(new ApplicationId("argocd", "all")))
                .extracting(application -> application.id().name())
                .containsExactly("all", "eu", "web");
        assertThat(snapshot.withChildren(new ApplicationId("argocd", "gone"))).isEmpty();
        assertThat(one(SECOND, well("staging-1")).key()).isEqualTo("main/argocd/staging-1");
    }
}
