package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps that take {@code set:}, with the other arguments that change its way, with a name and without one. */
class SetArgumentTableTest extends ArgoCdStepTestBase {

    private String set;

    private StepHarness.Started start(TestRun build, String step, Object... arguments) throws Exception {
        Map<String, Object> all = new HashMap<>();
        if (!set.isEmpty()) {
            all.put("set", set);
        }
        for (int i = 0; i < arguments.length; i += 2) {
            all.put(arguments[i].toString(), arguments[i + 1]);
        }
        return steps.start(build, step, all);
    }

    private StepHarness.Started commit(TestRun build, String digest, Object... more) throws Exception {
        Object[] arguments = new Object[more.length + 4];
        System.arraycopy(more, 0, arguments, 4, more.length);
        arguments[0] = "wave";
        arguments[1] = "staging";
        arguments[2] = "images";
        arguments[3] = ConfigRepoFixture.images("Service1", digest);
        return start(build, "commitConfig", arguments);
    }

    private void merged(TestRun build) throws Exception {
        var wait = start(build, "waitForCiAndMerge");
        report(repository.tip("auto"), "success");
        assertThat(wait.result()).containsEntry("outcome", "merged");
        argo.server.settle();
    }

    private String digests(String wave) {
        return repository.show("auto", "images/" + wave + (set.isEmpty() ? "" : "/" + set) + "/digests.json");
    }

    private TestStepContext.Body generating(String wave) {
        return cfg -> {
            Path images = cfg.resolve("images").resolve(wave).resolve(set).resolve("digests.json");
            Files.createDirectories(cfg.resolve("generated"));
            Files.writeString(cfg.resolve("generated/" + wave), Files.readString(images));
            return null;
        };
    }

    private static void isDry(StepHarness.Started step) throws Exception {
        assertThat(step.result()).containsEntry("id", "").containsEntry("changed", true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop"})
    void fromACommitToARollback(String named) throws Exception {
        set = named;
        RepositoryDefinition configured =
                GitOpsWavesConfiguration.get().getRepositories().get(0);
        configured.setImageSets(named.isEmpty() ? List.of() : List.of(named, "blog"));
        configured.setGeneratedPaths(List.of("generated/**"));
        GitOpsWavesConfiguration.get().setRepositories(List.of(configured));
        steps.in(Files.createDirectories(folder.resolve("workspace")).toFile());
        String first = "sha256:" + "1".repeat(64);
        String second = "sha256:" + "2".repeat(64);

        TestRun build = steps.build("app");
        isDry(commit(build, first, "dryRun", true));
        steps.body(generating("staging"));
        isDry(commit(build, first, "dryRun", true));
        assertThat(repository.queued()).isZero();
        commit(build, first).result();
        assertThat(digests("staging")).contains(first).isEqualTo(repository.show("auto", "generated/staging"));
        merged(build);
        start(build, "awaitArgoSync", "wave", "staging").result();

        steps.body(null);
        assertThat(start(build, "promoteWave", "to", "internal", "dryRun", true).result())
                .containsEntry("id", "")
                .extractingByKey("differences", InstanceOfAssertFactories.LIST)
                .hasSize(1);
        steps.body(generating("internal"));
        start(build, "promoteWave", "to", "internal", "wait", true).result();
        assertThat(digests("internal")).contains(first).isEqualTo(repository.show("auto", "generated/internal"));
        merged(build);
        String good = repository.tip("master");

        steps.body(null);
        TestRun newer = steps.build("app");
        commit(newer, second).result();
        merged(newer);
        start(newer, "awaitArgoSync", "wave", "staging").result();
        start(newer, "promoteWave", "to", "internal").result();
        assertThat(digests("internal")).contains(second);
        merged(newer);

        TestRun back = steps.build("rollback");
        start(back, "promoteWave", "to", "internal", "rollback", true, "revision", good, "dryRun", true)
                .result();
        assertThat(digests("internal")).contains(second);
        start(back, "promoteWave", "to", "internal", "rollback", true, "revision", good)
                .result();
        assertThat(digests("internal")).contains(first);
        assertThat(repository.trailer("auto", "Autocommit-Operation")).isEqualTo("rollback");
        if (!named.isEmpty()) {
            assertThatThrownBy(() -> start(back, "holdWave", "wave", "internal", "reason", "a fair"))
                    .hasMessageContaining("has no parameter");
        }
    }
}
