package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.world.GitCli;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits that say in no readable way who made them, and when, stop nothing. */
class UnreadableAuthorsTest extends DriverTestBase {

    private static final String STATE = "refs/gitops-waves/main/state";

    /** A commit with a parent's tree and message. */
    private String commit(String parent, String headers) {
        String raw = "tree " + scene.git("rev-parse", parent + "^{tree}") + "\nparent " + scene.git("rev-parse", parent)
                + "\n" + headers + "\n" + scene.git("log", "-1", "--format=%B", parent) + "\n";
        return GitCli.run(Map.of(), raw, scene.remote, "hash-object", "-t", "commit", "-w", "--stdin", "--literally")
                .strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "author Ada\ncommitter Ada\n", "author Ada <ada@example.com>\ncommitter <> x y\n"})
    void theyAreDrivenOnMainOnAutoAndOnTheState(String headers) throws Exception {
        Driver driver = scene.driver("jenkins");
        driver.round();
        SubmittedChange first = scene.announce(driver, "app#1", "shop", "1");
        scene.report(driver, first.sha(), CheckState.SUCCESS);
        scene.git("update-ref", "refs/heads/main", commit("main", headers));
        scene.git("update-ref", STATE, commit(STATE, headers));
        driver.round();
        SubmittedChange second = scene.announce(driver, "app#2", "shop", "2");
        scene.git("update-ref", "refs/heads/auto", commit("auto", headers));
        driver.round();
        scene.byHand("docs.md", "hello\n", "Write docs");
        Driver other = scene.driver("other");
        other.round();

        scene.report(other, scene.auto(), CheckState.SUCCESS);

        assertThat(scene.tag("main", "shop")).isEqualTo("2");
        assertThat(other.state().orElseThrow().problems()).isEmpty();
        assertThat(other.status(second.id())).isPresent();
    }
}
