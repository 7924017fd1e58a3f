package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests of steps with one configured config repository, whose only check is reported by {@code reportCiStatus}. */
@Tag("sandbox")
abstract class DeliveryStepTestBase {

    @RegisterExtension
    final StepHarness steps = new StepHarness();

    @TempDir
    Path folder;

    ConfigRepoFixture repository;

    @BeforeEach
    void configureRepository() {
        repository = ConfigRepoFixture.onDisk(folder);
        steps.configure(repository.definition());
    }

    /** A build that has committed one image to staging. */
    TestRun committed(String job, String service, String digest) throws Exception {
        TestRun build = steps.build(job);
        steps.run(
                build, "commitConfig", Map.of("wave", "staging", "images", ConfigRepoFixture.images(service, digest)));
        return build;
    }

    /** Reports the required check of a commit, as the job of the config repository does. */
    void report(String sha, String state) throws Exception {
        steps.run(
                steps.build("acme/cfg-app"),
                "reportCiStatus",
                Map.of(
                        "sha",
                        sha,
                        "context",
                        ConfigRepoFixture.CHECK,
                        "state",
                        state,
                        "url",
                        "https://ci.example.com/" + sha,
                        "description",
                        "generated files"));
    }

    /** Has the last change of the build merged. */
    void merge(TestRun build) throws Exception {
        String sha = repository.tip("auto");
        var wait = steps.start(build, "waitForCiAndMerge", Map.of());
        report(sha, "success");
        assertThat(wait.result()).containsEntry("outcome", "merged");
    }
}
