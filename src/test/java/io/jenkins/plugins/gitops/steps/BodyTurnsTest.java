package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies of one repository work one after the other, each on what the one before has made. */
class BodyTurnsTest extends DeliveryStepTestBase {

    private static final int BUILDS = 60;

    @BeforeEach
    void generateFiles() {
        RepositoryDefinition configured = repository.definition();
        configured.setGeneratedPaths(List.of("generated/**"));
        steps.configure(configured);
    }

    /** A body that rewrites the one generated file from all images. */
    private static Object generate(Path cfg) throws Exception {
        Files.createDirectories(cfg.resolve("generated"));
        String digests = Files.readString(cfg.resolve("images/staging/digests.json"));
        Files.writeString(cfg.resolve("generated/all.yaml"), digests.lines().count() + " lines\n");
        return null;
    }

    private StepHarness.Started start(String job, TestStepContext.Body body) throws Exception {
        steps.in(Files.createDirectories(folder.resolve(job)).toFile());
        return steps.body(body)
                .start(
                        steps.build(job),
                        "commitConfig",
                        Map.of("wave", "staging", "images", ConfigRepoFixture.images(job, ConfigRepoFixture.DIGEST)));
    }

    @Test
    void noneOfManyBuildsWithOneGeneratedFileFails() throws Exception {
        var builds = new ArrayList<StepHarness.Started>();
        for (int i = 0; i < BUILDS; i++) {
            builds.add(start("app" + i, BodyTurnsTest::generate));
        }

        for (StepHarness.Started build : builds) {
            assertThat(build.result()).containsEntry("changed", true);
        }
        assertThat(repository.queued()).isEqualTo(BUILDS);
        assertThat(GitCli.run(repository.bare(), "log", "--format=%s", "refs/heads/auto", "--", "generated/all.yaml")
                        .lines())
                .hasSize(BUILDS);
    }

    @Test
    void aBodyWaitsAndSaysForWhom() throws Exception {
        var first = start("first", cfg -> TestStepContext.Body.GOES_ON);
        await().until(() -> first.context().runningBody() != null);
        var second = start("second", BodyTurnsTest::generate);
        await().until(() -> second.log().contains("Waiting for the turn of this body: that of first #1 works"));
        assertThat(second.status()).isEqualTo("waiting until the body of first #1 has ended");

        first.abort();

        assertThat(second.result()).containsEntry("changed", true);
    }
}
