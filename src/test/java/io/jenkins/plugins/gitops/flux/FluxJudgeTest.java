package io.jenkins.plugins.gitops.flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.argocd.LinearHistory;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutJudge.ConfigRepository;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxId;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.matching.LabelSelector;
import io.jenkins.plugins.gitops.world.FluxSimulator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Flux says, and what it means for a wave. */
class FluxJudgeTest {

    private static final String REPO = "https://git.example.com/acme/cfg-app.git";

    /** Four commits in a line; the third only changes another wave, the last brings another set. */
    private static final String FIRST = "1".repeat(40);

    private static final String SECOND = "2".repeat(40);
    private static final String SAME_SET = "3".repeat(40);
    private static final String NEWER_SET = "4".repeat(40);
    private static final List<String> LINE = List.of(FIRST, SECOND, SAME_SET, NEWER_SET);
    private static final Map<String, ImageSet> SETS =
            Map.of(FIRST, set("a"), SECOND, set("b"), SAME_SET, set("b"), NEWER_SET, set("c"));

    private final Map<FluxId, FluxObject> objects = new TreeMap<>();
    private FluxSelection targets = new FluxSelection("eu", List.of("flux-system/apps"), List.of(), Optional.empty());
    private Optional<String> trouble = Optional.empty();

    private static ImageSet set(String version) {
        return ImageSet.of(
                Map.of("shop", new ImageRef("docker.example.com/shop", version, "sha256:" + version.repeat(64))));
    }

    @BeforeEach
    void begin() {
        put(FluxKind.GIT_REPOSITORY, "cfg-app", FluxSimulator.gitRepository(REPO, SECOND));
        apps(SECOND, SECOND, "True", "ReconciliationSucceeded", "Applied revision");
    }

    private void put(FluxKind kind, String name, String rest) {
        ObjectNode json = (ObjectNode) Json.parse(rest);
        json.withObject("/metadata").put("namespace", "flux-system").put("name", name);
        if (!json.path("metadata").has("generation")) {
            json.withObject("/metadata").put("generation", 1);
        }
        FluxObject object = FluxObjectReader.read(kind, json);
        objects.put(object.id(), object);
    }

    private void apps(String applied, String attempted, String ready, String reason, String message) {
        put(FluxKind.KUSTOMIZATION, "apps", FluxSimulator.kustomization(applied, attempted, ready, reason, message));
    }

    private Rollout judge(String wanted) throws Exception {
        return new FluxJudge(
                        targets,
                        new ConfigRepository(REPO, "main"),
                        new ClusterSnapshot(new TreeMap<>(objects), true, trouble),
                        new LinearHistory(LINE, SETS),
                        RolloutRequirement.ALL)
                .judge(Optional.ofNullable(wanted));
    }

    private TargetState target(String wanted) throws Exception {
        Rollout rollout = judge(wanted);
        assertThat(rollout.targets()).hasSize(1);
        assertThat(rollout.deployed().isPresent())
                .isEqualTo(rollout.targets().get(0).state() == State.DEPLOYED);
        return rollout.targets().get(0);
    }

    @Test
    void whatIsAppliedAndReadyIsDeployed() throws Exception {
        assertThat(target(SECOND).state()).isEqualTo(State.DEPLOYED);
        assertThat(judge(null).deployed()).contains(SECOND);

        apps(SAME_SET, SAME_SET, "True", "ReconciliationSucceeded", "");
        assertThat(target(SECOND).state()).as("a descendant with the same set").isEqualTo(State.DEPLOYED);
    }

    /** As Flux writes them: source-controller since 2.0, without a branch, before 2.0. */
    @ParameterizedTest
    @CsvSource({
        "main@sha1:2222222222222222222222222222222222222222, DEPLOYED",
        "sha1:2222222222222222222222222222222222222222, DEPLOYED",
        "refs/heads/main@sha1:2222222222222222222222222222222222222222, DEPLOYED",
        "main/2222222222222222222222222222222222222222, DEPLOYED",
        "main@sha1:2222222, LATE",
        "latest@sha256:2222222222222222222222222222222222222222222222222222222222222222, UNKNOWN",
        "1.2.3, LATE"
    })
    void aRevisionIsReadInEachForm(String revision, State state) throws Exception {
        put(
                FluxKind.KUSTOMIZATION,
                "apps",
                FluxSimulator.kustomization(SECOND, SECOND, "True", "ReconciliationSucceeded", "")
                        .replace("main@sha1:" + SECOND, revision));

        assertThat(target(SECOND).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({
        "True, ReconciliationSucceeded, DEPLOYED",
        "False, HealthCheckFailed, DEGRADED",
        "False, BuildFailed, BROKEN",
        "False, ReconciliationFailed, BROKEN",
        "False, AReasonOfTheFuture, BROKEN",
        "False, DependencyNotReady, SYNCING",
        "Unknown, Progressing, PROGRESSING",
        "true, ReconciliationSucceeded, UNKNOWN",
        "Perhaps, ReconciliationSucceeded, UNKNOWN",
        "'', ReconciliationSucceeded, UNKNOWN"
    })
    void onlyTrueIsReady(String ready, String reason, State state) throws Exception {
        apps(SECOND, SECOND, ready, reason, "said of it");

        TargetState target = target(SECOND);

        assertThat(target.state()).isEqualTo(state);
        if (state != State.DEPLOYED && state != State.UNKNOWN) {
            assertThat(target.reason()).contains(reason, "\"said of it\"");
        }
    }

    @Test
    void withoutACondition() throws Exception {
        put(
                FluxKind.KUSTOMIZATION,
                "apps",
                FluxSimulator.kustomization(SECOND, SECOND, "True", "x", "")
                        .replaceAll("(?s)\"conditions\":\\[.*\\]", "\"conditions\":[]"));

        assertThat(target(SECOND).state()).isEqualTo(State.SYNCING);
    }

    @Test
    void aChangedSpecIsNotDeployedUntilItsControllerHasSeenIt() throws Exception {
        String seen = FluxSimulator.kustomization(SECOND, SECOND, "True", "ReconciliationSucceeded", "");
        put(FluxKind.KUSTOMIZATION, "apps", seen.replaceFirst("\\{", "{\"metadata\":{\"generation\":2},"));
        assertThat(target(SECOND).state()).isEqualTo(State.SYNCING);

        put(
                FluxKind.KUSTOMIZATION,
                "apps",
                seen.replaceFirst("\\{", "{\"metadata\":{\"generation\":2},")
                        .replaceFirst("\"observedGeneration\":1", "\"observedGeneration\":2"));
        assertThat(target(SECOND).state())
                .as("the condition is of the former spec")
                .isEqualTo(State.SYNCING);
    }

    @Test
    void stalledAndReconcilingAreNotDeployedWhateverReadySays() throws Exception {
        String ready = FluxSimulator.kustomization(SECOND, SECOND, "True", "ReconciliationSucceeded", "");
        for (String type : List.of("Stalled", "Reconciling")) {
            put(
                    FluxKind.KUSTOMIZATION,
                    "apps",
                    ready.replace(
                            "\"conditions\":[",
                            "\"conditions\":[{\"type\":\"" + type + "\",\"status\":\"True\",\"reason\":\"Why\","
                                    + "\"message\":\"m\"},"));
            assertThat(target(SECOND).state()).isEqualTo(type.equals("Stalled") ? State.BROKEN : State.PROGRESSING);
        }
    }

    @Test
    void whatIsBehindIsLateAndSaysWhenFluxLooks() throws Exception {
        apps(FIRST, FIRST, "True", "ReconciliationSucceeded", "");
        TargetState late = target(SECOND);
        assertThat(late.state()).isEqualTo(State.LATE);
        assertThat(late.reason()).isEqualTo("Flux is still at 1111111111; it looks at git every 1m.");

        put(
                FluxKind.GIT_REPOSITORY,
                "cfg-app",
                FluxSimulator.gitRepository(REPO, FIRST).replace("\"branch\":\"main\"", "\"tag\":\"v1\""));
        assertThat(target(SECOND).reason()).contains("fetches \"v1\": let it follow main");
    }

    @Test
    void aFailedAttemptOfTheWantedCommitIsNamedAndAnOlderOneIsNot() throws Exception {
        apps(FIRST, SECOND, "False", "HealthCheckFailed", "timeout waiting for Deployment/shop");
        TargetState failed = target(SECOND);
        assertThat(failed.state()).isEqualTo(State.DEGRADED);
        assertThat(failed.reason())
                .isEqualTo("it is not ready (HealthCheckFailed): \"timeout waiting for Deployment/shop\". Flux tries"
                        + " again by itself, at the latest every 10m.");

        apps(FIRST, FIRST, "False", "BuildFailed", "of the former commit");
        assertThat(target(SECOND).state()).isEqualTo(State.LATE);
    }

    @Test
    void aSourceThatCannotFetchIsNamed() throws Exception {
        apps(FIRST, FIRST, "True", "ReconciliationSucceeded", "");
        put(
                FluxKind.GIT_REPOSITORY,
                "cfg-app",
                FluxSimulator.gitRepository(REPO, FIRST)
                        .replace(
                                "\"status\":\"True\",\"reason\":\"Succeeded\"",
                                "\"status\":\"False\",\"reason\":\"GitOperationFailed\""));

        TargetState target = target(SECOND);
        assertThat(target.state()).isEqualTo(State.BROKEN);
        assertThat(target.reason())
                .startsWith("its GitRepository flux-system/cfg-app is not ready (GitOperationFailed)");

        apps(SECOND, SECOND, "True", "ReconciliationSucceeded", "");
        assertThat(target(SECOND).state()).as("it has what is wanted").isEqualTo(State.DEPLOYED);
    }

    @Test
    void aNewerSetSupersedes() throws Exception {
        apps(NEWER_SET, NEWER_SET, "True", "ReconciliationSucceeded", "");

        assertThat(judge(SECOND).superseded()).isTrue();
        assertThat(target(SECOND).state()).isEqualTo(State.SUPERSEDED);
    }

    @Test
    void suspendedDeletedAndForeignObjectsAreNotDeployed() throws Exception {
        String ready = FluxSimulator.kustomization(SECOND, SECOND, "True", "ReconciliationSucceeded", "");
        put(FluxKind.KUSTOMIZATION, "apps", ready.replaceFirst("\"spec\":\\{", "\"spec\":{\"suspend\":true,"));
        assertThat(target(SECOND).state()).isEqualTo(State.SUSPENDED);
        assertThat(target(SECOND).reason()).contains("flux resume kustomization apps -n flux-system");

        put(
                FluxKind.KUSTOMIZATION,
                "apps",
                ready.replaceFirst("\\{", "{\"metadata\":{\"deletionTimestamp\":\"2026-11-24T10:00:00Z\"},"));
        assertThat(target(SECOND).state()).isEqualTo(State.DELETING);

        put(FluxKind.KUSTOMIZATION, "apps", ready);
        put(FluxKind.GIT_REPOSITORY, "cfg-app", FluxSimulator.gitRepository("https://git.example.com/x/other", SECOND));
        assertThat(target(SECOND).state()).isEqualTo(State.MISSING);

        objects.remove(new FluxId(FluxKind.GIT_REPOSITORY, "flux-system", "cfg-app"));
        assertThat(target(SECOND).reason()).contains("has no GitRepository flux-system/cfg-app");

        put(FluxKind.KUSTOMIZATION, "apps", ready.replace("\"GitRepository\"", "\"OCIRepository\""));
        assertThat(target(SECOND).reason()).contains("another kind of source than a GitRepository");
    }

    @Test
    void aHelmReleaseIsAtTheCommitOfTheKustomizationThatAppliedIt() throws Exception {
        targets = new FluxSelection("eu", List.of(), List.of("shop"), Optional.empty());
        String release = """
            {"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"apps",
               "kustomize.toolkit.fluxcd.io/namespace":"flux-system"}},
             "spec":{"interval":"5m"},
             "status":{"observedGeneration":1,"conditions":[
               {"type":"Ready","status":"%s","reason":"%s","message":"m","observedGeneration":1}]}}
            """;
        put(FluxKind.HELM_RELEASE, "shop", release.formatted("True", "UpgradeSucceeded"));
        assertThat(target(SECOND).state()).isEqualTo(State.DEPLOYED);
        assertThat(target(SECOND).revision()).contains(SECOND);

        put(FluxKind.HELM_RELEASE, "shop", release.formatted("False", "UpgradeFailed"));
        assertThat(target(SECOND).state()).isEqualTo(State.BROKEN);

        put(FluxKind.HELM_RELEASE, "shop", release.formatted("True", "UpgradeSucceeded"));
        apps(FIRST, FIRST, "True", "ReconciliationSucceeded", "");
        assertThat(target(SECOND).state()).as("applied from an older commit").isEqualTo(State.LATE);

        apps(SECOND, SECOND, "Unknown", "Progressing", "waits");
        assertThat(target(SECOND).reason()).startsWith("its Kustomization flux-system/apps becomes ready");

        objects.remove(new FluxId(FluxKind.KUSTOMIZATION, "flux-system", "apps"));
        assertThat(target(SECOND).state()).isEqualTo(State.MISSING);
    }

    /** Only the version of its chart says what a HelmRelease has of git, where its spec stays as it was. */
    @ParameterizedTest
    @CsvSource({
        "Revision, 0.1.0+222222222222.1, DEPLOYED",
        "Revision, 0.1.0+222222222222, DEPLOYED",
        "Revision, 0.1.0+111111111111.1, SYNCING",
        "Revision, 0.1.0, SYNCING",
        "ChartVersion, 0.1.0, UNKNOWN"
    })
    void aChartOfTheConfigRepositoryHasToBeOfTheCommit(String strategy, String version, State state) throws Exception {
        targets = new FluxSelection("eu", List.of(), List.of("shop"), Optional.empty());
        String release = """
            {"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":"apps",
               "kustomize.toolkit.fluxcd.io/namespace":"flux-system"}},
             "spec":{"chart":{"spec":{"chart":"./charts/shop","reconcileStrategy":"%s",
               "valuesFiles":["./images/staging/values.yaml"],"sourceRef":{"kind":"GitRepository","name":"%s"}}}},
             "status":{"observedGeneration":1,"lastAttemptedGeneration":1,"lastAttemptedRevision":"%s","conditions":[
               {"type":"Ready","status":"True","reason":"UpgradeSucceeded","observedGeneration":1}]}}
            """;
        put(FluxKind.HELM_RELEASE, "shop", release.formatted(strategy, "cfg-app", version));
        assertThat(target(SECOND).state()).isEqualTo(state);

        put(FluxKind.GIT_REPOSITORY, "charts", FluxSimulator.gitRepository("https://git.example.com/charts", FIRST));
        put(FluxKind.HELM_RELEASE, "shop", release.formatted(strategy, "charts", version));
        assertThat(target(SECOND).state()).as("a chart from elsewhere").isEqualTo(State.DEPLOYED);
    }

    /** As helm-controller does it while a release is suspended, and while it tries again what has failed. */
    @ParameterizedTest
    @CsvSource({"2, 1, True, 1, SYNCING", "1, 2, False, 2, BROKEN", "1, 1, False, 1, SYNCING", "2, 2, True, 2, DEPLOYED"
    })
    void aSpecIsSeenWhenItWasReleasedOrFailed(long observed, long attempted, String ready, long readyFor, State state)
            throws Exception {
        targets = new FluxSelection("eu", List.of(), List.of("shop"), Optional.empty());
        put(FluxKind.HELM_RELEASE, "shop", """
            {"metadata":{"generation":2,"labels":{"kustomize.toolkit.fluxcd.io/name":"apps",
               "kustomize.toolkit.fluxcd.io/namespace":"flux-system"}},
             "status":{"observedGeneration":%d,"lastAttemptedGeneration":%d,"conditions":[
               {"type":"Ready","status":"%s","reason":"r","message":"m","observedGeneration":%d}]}}
            """.formatted(observed, attempted, ready, readyFor));

        assertThat(target(SECOND).state()).isEqualTo(state);
    }

    @Test
    void aKustomizationAndAHelmReleaseOfOneNameAreTwoTargets() throws Exception {
        targets = new FluxSelection("eu", List.of("apps"), List.of("apps"), Optional.empty());
        put(
                FluxKind.HELM_RELEASE,
                "apps",
                "{\"metadata\":{\"labels\":{\"kustomize.toolkit.fluxcd.io/name\":\"apps\"}}}");

        Rollout rollout = judge(SECOND);
        assertThat(rollout.targets()).hasSize(2);
        assertThat(rollout.deployed()).isEmpty();
    }

    @Test
    void targetsThatAreMissingOrUnknown() throws Exception {
        targets = new FluxSelection("eu", List.of("flux-system/apps", "gone"), List.of("x/gone"), Optional.empty());
        assertThat(judge(SECOND).targets())
                .extracting(TargetState::state)
                .containsExactlyInAnyOrder(State.DEPLOYED, State.MISSING, State.MISSING);

        targets = new FluxSelection("eu", List.of(), List.of(), Optional.of(LabelSelector.parse("wave=staging")));
        assertThat(judge(SECOND).trouble().orElseThrow()).contains("Nothing in the cluster eu matches wave=staging");

        targets = new FluxSelection("eu", List.of("apps"), List.of(), Optional.empty());
        trouble = Optional.of("The cluster eu did not answer in time.");
        assertThat(judge(SECOND).deployed()).as("it may be out of date").isEmpty();
        assertThat(judge(SECOND).summary()).contains("did not answer in time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Apps", "a/b/c", "", "a b", "../x"})
    void namesThatKubernetesHasNotAreRefused(String name) {
        assertThatThrownBy(() -> new FluxSelection("eu", List.of(name), List.of(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in kustomizations is not the name of a Kustomization");
    }
}
