package io.jenkins.plugins.gitops.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.errors.GitOpsException;
import io.jenkins.plugins.gitops.repo.NewChange;
import io.jenkins.plugins.gitops.repo.Operation;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the simulation found, each as a scenario of its own on a real repository. */
class DriverFindingsTest {

    @TempDir
    Path root;

    private Scene scene;
    private Driver driver;

    @BeforeEach
    void begin() throws GitOpsException {
        scene = Scene.onDisk(root);
        driver = scene.driver("jenkins");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private Appended replace(String order, String... servicesAndVersions) throws GitOpsException {
        NewChange change = Scene.change(order, Scene.images(servicesAndVersions));
        return scene.answer(
                driver,
                driver.append(new NewChange(
                        change.id(),
                        Operation.REPLACE,
                        change.wave(),
                        change.images(),
                        change.appSha(),
                        order,
                        change.started(),
                        change.reason(),
                        null,
                        null)));
    }

    @Test
    void anEarlierReplacementLeavesTheServicesThatALaterBuildWrote() throws Exception {
        scene.announce(driver, "app#1", "api", "v1", "old", "v1");
        scene.announce(driver, "app#3", "web", "v3");
        replace("app#2", "api", "v2");
        scene.report(driver, scene.auto(), CheckState.SUCCESS);

        assertThat(scene.tag("main", "api")).isEqualTo("v2");
        assertThat(scene.tag("main", "web")).as("the later build added it").isEqualTo("v3");
        assertThat(scene.tag("main", "old")).as("the earlier build wrote it").isEmpty();
    }

    @Test
    void aReplacementThatLeftAServiceToALaterBuildLeavesItOnReplayToo() throws Exception {
        scene.report(
                driver,
                scene.announce(driver, "app#1", "api", "v1", "web", "v1").sha(),
                CheckState.SUCCESS);
        Appended later = scene.announce(driver, "app#3", "web", "v3");
        replace("app#2", "api", "v2", "web", "v2");
        assertThat(scene.tag("auto", "web")).isEqualTo("v3");
        scene.byHand("docs.md", "x", "Have it replayed");
        driver.round();
        assertThat(scene.tag("auto", "web")).isEqualTo("v3");

        scene.answer(driver, driver.evict(later.id(), "its build was aborted"));
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(scene.tag("main", "api")).isEqualTo("v2");
        assertThat(scene.tag("main", "web"))
                .as("nobody asked for it to be removed")
                .isEqualTo("v1");
    }
}
