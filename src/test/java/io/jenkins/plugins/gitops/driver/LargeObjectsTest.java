package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Objects of more than 50 MB, which JGit does not read as a whole: files are moved and, where both sides changed them,
 * conflict; commits are named.
 */
class LargeObjectsTest {

    private static final int LARGE = 51 << 20;

    @TempDir
    Path root;

    /** With git itself, since JGit's server, which a file URL uses, does not serve such commits. */
    private GitHttpServer server;

    private RepositoryScene scene;
    private Driver driver;

    @AfterEach
    void end() {
        scene.close();
        server.close();
    }

    @BeforeEach
    void begin() throws GitOpsException {
        server = GitHttpServer.start(root, "bot", "secret");
        scene = RepositoryScene.served(root, server, "secret");
        driver = scene.driver("jenkins");
        driver.round();
    }

    private static String large(String line) {
        return (line + "\n").repeat(LARGE / (line.length() + 1) + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "main"})
    void aLargeCommitIsNamedAndNothingIsPushedUntilItIsGone(String branch) throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        String before = scene.git("rev-parse", branch);
        Path clone = scene.root.resolve("jenkins");
        String commit = GitCli.run(
                        Map.of(), large("words"), scene.remote, "commit-tree", branch + "^{tree}", "-p", branch)
                .strip();
        scene.git("update-ref", "refs/heads/" + branch, commit);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> scene.announce(driver, "app#2", "api", "v2"))
                    .isInstanceOf(RepoMisconfigured.class)
                    .hasMessageContainingAll("its object " + commit + " is too large", "50 MB");
        }

        assertThat(scene.git("rev-parse", branch)).isEqualTo(commit);
        assertThat(scene.refExists("refs/gitops-waves/main/state")).isFalse();
        assertThat(GitCli.run(clone, "cat-file", "-t", change.sha()))
                .as("the clone was kept")
                .isEqualTo("commit\n");
        scene.git("update-ref", "refs/heads/" + branch, before);
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(change.sha());
    }

    @Test
    void aLargeFileIsMovedByItsIdAndConflictsWhereBothSidesChangedIt() throws Exception {
        scene.byHand("large.txt", large("base"), "Add it");
        driver.round();
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        String queued = scene.byHand("auto", "large.txt", large("queue"), "Change it in the queue");
        driver.round();
        scene.byHand("docs.md", "docs\n", "Move main");
        driver.round();
        assertThat(scene.queue()).hasSize(2);
        assertThat(scene.git("rev-parse", "auto:large.txt")).isEqualTo(scene.git("rev-parse", queued + ":large.txt"));

        scene.byHand("large.txt", large("main"), "Change it on main");
        driver.round();

        assertThat(scene.queue()).hasSize(1);
        assertThat(driver.status(change.id()).orElseThrow().outcome()).isEmpty();
        assertThat(driver.state().orElseThrow().history())
                .singleElement()
                .satisfies(end -> assertThat(end.reason()).isEqualTo("it conflicts with main in large.txt"));
    }

    @Test
    void largeAttributesMakeChangesOfBothSidesConflict() throws Exception {
        scene.byHand("docs/.gitattributes", large("# comment"), "Write comments");
        scene.byHand("docs/list.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "Add a list");
        driver.round();
        scene.announce(driver, "app#1", "api", "v1");
        scene.byHand("auto", "docs/list.txt", "one\n2\n3\n4\n5\n6\n7\n8\n9\n", "Change it in the queue");
        driver.round();

        scene.byHand("docs/list.txt", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n", "Change it on main");
        driver.round();

        assertThat(scene.queue()).hasSize(1);
        assertThat(driver.state().orElseThrow().history())
                .singleElement()
                .satisfies(end -> assertThat(end.reason()).isEqualTo("it conflicts with main in docs/list.txt"));
    }

    /** They may say that git runs image files through a filter. */
    @Test
    void largeAttributesAboveImageFilesRefuseThem() throws Exception {
        scene.byHand(".gitattributes", large("# comment"), "Write comments");

        assertThatThrownBy(() -> scene.announce(driver, "app#1", "api", "v1"))
                .hasMessageContaining(".gitattributes is larger than 16 MiB");
    }
}
