package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Generated files are merged where that is clean, and otherwise have to be generated anew. */
class GeneratedPathsTest extends DriverTestBase {

    private Driver driver;

    @BeforeEach
    void open() throws Exception {
        scene.byHand("generated/all.yaml", "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n", "Generate");
        driver = scene.driver("driver");
        scene.announce(driver, "app#1", "api", "v1");
    }

    @Test
    void aCleanMergeIsKept() throws Exception {
        scene.byHand("auto", "generated/all.yaml", "a: 2\nb: 1\nc: 1\nd: 1\ne: 1\n", "Change the first line");
        scene.byHand("generated/all.yaml", "a: 1\nb: 1\nc: 1\nd: 1\ne: 2\n", "Change the last line");
        driver.round();

        assertThat(scene.queue()).hasSize(2);
        assertThat(scene.git("show", "auto:generated/all.yaml")).isEqualTo("a: 2\nb: 1\nc: 1\nd: 1\ne: 2");
    }

    @Test
    void aConflictIsEvictedAndHasToBeGeneratedAnew() throws Exception {
        String ours = scene.byHand("auto", "generated/all.yaml", "a: 2\n", "Generate ours");
        scene.byHand("generated/all.yaml", "a: 3\n", "Generate theirs");
        driver.round();

        ChangeStatus status = driver.status(ours).orElseThrow();
        assertThat(scene.queue()).hasSize(1);
        assertThat(status.outcome()).contains(Outcome.EVICTED);
        assertThat(status.cause()).contains("conflict");
        assertThat(status.reason()).contains("must be generated anew", "generated/all.yaml");
    }

    @Test
    void aConflictElsewhereTooIsAnOrdinaryOne() throws Exception {
        scene.byHand("auto", "generated/all.yaml", "a: 2\n", "Generate ours");
        String ours = scene.byHand("auto", "README.md", "Ours\n", "Say ours");
        scene.byHand("README.md", "Theirs\n", "Say theirs");
        driver.round();

        assertThat(driver.status(ours).orElseThrow().reason())
                .contains("It conflicts with main in README.md")
                .doesNotContain("generated");
    }
}
