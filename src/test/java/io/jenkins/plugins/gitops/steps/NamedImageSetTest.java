package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.RolloutEntry;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.pages.WaveActions;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.triggers.PromotionJobParameters;
import io.jenkins.plugins.gitops.triggers.StartedBuild;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Repositories whose image sets have names. */
class NamedImageSetTest extends ArgoCdStepTestBase {

    private final List<PromotionJobParameters> started = new ArrayList<>();
    private final WaveActions actions = new WaveActions((job, parameters) -> {
        started.add(parameters);
        return new StartedBuild("Started " + job + ".", Optional.empty());
    });

    private void nameSets(String... names) {
        RepositoryDefinition configured =
                GitOpsWavesConfiguration.get().getRepositories().get(0);
        configured.setImageSets(List.of(names));
        configured.getWaves().get(1).setPromotionJob("promote");
        GitOpsWavesConfiguration.get().setRepositories(List.of(configured));
    }

    private TestRun delivered(String set) throws Exception {
        TestRun build = steps.build("shop");
        steps.run(
                build,
                "commitConfig",
                Map.of(
                        "wave",
                        "staging",
                        "set",
                        set,
                        "images",
                        ConfigRepoFixture.images("Service2", ConfigRepoFixture.OTHER_DIGEST)));
        merge(build);
        argo.server.settle();
        return build;
    }

    private static WaveActions.DialogInput input(Map<String, String> fields) {
        return new WaveActions.DialogInput("cfg-app", fields::get, "ann");
    }

    private static boolean isPromotable(WavePath path) {
        return DriverRegistry.get().state("cfg-app").stream()
                .flatMap(state -> state.waves().stream())
                .filter(wave -> wave.path().equals(path))
                .flatMap(wave -> wave.live().flatMap(RepositoryState.LiveState::next).stream())
                .anyMatch(RepositoryState.NextPromotion::allowed);
    }

    @Test
    void thePageNeedsNoNameOfTheOnlySet() throws Exception {
        nameSets("shop");
        delivered("shop");
        await().until(() -> isPromotable(WavePath.of("internal", "shop")));

        actions.promote(input(Map.of("wave", "internal", "revision", repository.tip("master"))));

        assertThat(started).singleElement().satisfies(parameters -> {
            assertThat(parameters.wave()).isEqualTo("internal");
            assertThat(parameters.set()).isEqualTo("shop");
        });
    }

    @Test
    @SuppressWarnings("unchecked")
    void aWaitForASetIsForAChangeOfThatSet() throws Exception {
        nameSets("shop", "blog");
        TestRun build = delivered("shop");

        assertThat((Map<String, Object>) steps.run(build, "waitForCiAndMerge", Map.of("set", "shop")))
                .containsEntry("outcome", "merged");
        assertThatThrownBy(() -> steps.run(build, "waitForCiAndMerge", Map.of("set", "blog")))
                .hasMessageContaining("nothing to the set \"blog\"");
        String id = DeliveryAction.of(build).getChanges().get(0).getId();
        assertThatThrownBy(() -> steps.run(build, "waitForCiAndMerge", Map.of("set", "blog", "commit", id)))
                .hasMessageContainingAll(id, "shop", "not in the set \"blog\"");
    }

    @Test
    void aWaitForSeveralChangesSaysWhatBecameOfEach() throws Exception {
        nameSets("shop", "blog");
        TestRun build = steps.build("shop");
        List<String> changes = new ArrayList<>();
        for (String set : List.of("shop", "blog")) {
            Map<String, Object> images = ConfigRepoFixture.images("Service2", ConfigRepoFixture.OTHER_DIGEST);
            changes.add(steps.start(build, "commitConfig", Map.of("wave", "staging", "set", set, "images", images))
                    .result()
                    .get("id")
                    .toString());
        }
        StepHarness.Started wait = steps.start(build, "waitForCiAndMerge", Map.of("commit", changes));
        await().until(() -> wait.log().contains(changes.get(0)) && wait.log().contains(changes.get(1)));
        assertThat(wait.status()).startsWith("waiting for change " + String.join(", ", changes));
        wait.restart();
        String first = repository.tip("auto~1");
        report(first, "success");
        await().until(() -> repository.tip("master").equals(first));
        report(repository.tip("auto"), "success");

        assertThat(wait.result())
                .containsOnlyKeys(changes)
                .allSatisfy((change, result) -> assertThat(result)
                        .asInstanceOf(InstanceOfAssertFactories.MAP)
                        .containsEntry("outcome", "merged"));
        assertThatThrownBy(() -> steps.run(build, "waitForCiAndMerge", Map.of("commit", List.of())))
                .hasMessageContaining("commit: [first.id, second.id]");
        assertThatThrownBy(() -> steps.run(build, "waitForCiAndMerge", Map.of("set", "blog", "commit", changes)))
                .hasMessageContainingAll(changes.get(0), "not in the set \"blog\"");
    }

    @Test
    void thePageNeedsTheNameOfOneOfSeveralSets() {
        nameSets("shop", "blog");

        assertThatThrownBy(
                        () -> actions.promote(input(Map.of("wave", "internal", "revision", repository.tip("master")))))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContainingAll("shop", "blog");
        assertThatThrownBy(() -> actions.rollback(
                        input(Map.of("wave", "internal", "set", "pub", "revision", repository.tip("master")))))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContainingAll("pub", "shop", "blog");
        assertThat(started).isEmpty();
    }

    @Test
    void theRolloutIsRecordedWithItsSet() throws Exception {
        nameSets("shop", "blog");
        TestRun build = delivered("shop");

        steps.start(build, "awaitArgoSync", Map.of("wave", "staging", "set", "shop"))
                .result();

        assertThat(DeliveryAction.of(build).getRollouts())
                .extracting(RolloutEntry::wavePath)
                .containsExactly(WavePath.of("staging", "shop"));
    }
}
