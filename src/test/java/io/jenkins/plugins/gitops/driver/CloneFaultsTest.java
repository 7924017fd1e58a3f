package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.CloneStore;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can happen to a driver's clone: everything in it is also on the server. */
class CloneFaultsTest extends DriverTestBase {

    private Driver driver;
    private Path clone;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver("jenkins");
        clone = root.resolve("jenkins");
    }

    @Test
    void aCloneThatIsDeletedUnderADriverIsMadeAgain() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.byHand("docs.md", "x", "Have something to fetch");
        FileUtils.delete(clone.toFile(), FileUtils.RECURSIVE);
        driver.round();
        assertThat(clone).isDirectory();
        assertThat(scene.queue()).hasSize(1).doesNotContain(change.sha());

        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
    }

    @Test
    void aLockThatADeadProcessLeftIsNoObstacle() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        Files.createFile(clone.resolve("refs/heads/main.lock"));
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(change.sha());

        Driver reopened = scene.driver("jenkins");
        scene.git("update-ref", "refs/heads/main", "main~1");
        assertThatThrownBy(reopened::round)
                .as("main is remembered as it was last")
                .hasMessageContaining("was rewritten");
    }

    @Test
    void anIndexOfPackedRefsThatIsCutOffIsReplaced() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        Files.writeString(clone.resolve("packed-refs"), "# pack-refs with: peeled\n7d104347");

        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(change.sha());
    }

    @Test
    void aFullDiskIsNamedAndForgottenWhenItHasSpaceAgain() throws Exception {
        try (var memory = new MemoryScene()) {
            var disk = new MemoryRepository();
            Driver full = memory.driver("full", memory.server, new CloneStore() {
                @Override
                public Repository open() {
                    return disk;
                }

                @Override
                public void delete() {
                    disk.objects().clear();
                }
            });
            full.round();
            disk.fill(true);
            var refused =
                    full.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));
            assertThatThrownBy(full::round)
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageContaining("No space left on device");
            assertThat(memory.ref(SimulationLedger.AUTO)).isEqualTo(memory.ref(SimulationLedger.MAIN));

            disk.fill(false);
            full.round();
            assertThat(memory.ref(SimulationLedger.AUTO).name())
                    .isEqualTo(refused.join().sha());
        }
    }
}
