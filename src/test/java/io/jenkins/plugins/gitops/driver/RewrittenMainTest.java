package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AcceptMain;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody rewrites main; an administrator accepts it, and nothing that the rewrite took away comes back. */
class RewrittenMainTest extends DriverTestBase {

    private Driver driver;
    private SubmittedChange merged;
    private SubmittedChange queued;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver("jenkins");
        merged = scene.announce(driver, "app#1", "api", "v1");
        scene.report(driver, merged.sha(), CheckState.SUCCESS);
        queued = scene.announce(driver, "app#2", "web", "v2");
    }

    private void stops(Driver stopped) {
        assertThatThrownBy(stopped::round)
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContainingAll("was rewritten", merged.sha(), "accept-main");
    }

    private void accept(Driver by) throws GitOpsException {
        assertThat(scene.answer(by, new AcceptMain())).isTrue();
    }

    @Test
    void whatWasTakenFromMainStaysAwayAndTheQueueLands() throws Exception {
        scene.git("update-ref", "refs/heads/main", "main~1");
        String main = scene.main();
        stops(driver);

        accept(driver);

        assertThat(scene.main()).isEqualTo(main);
        assertThat(scene.queue()).hasSize(1);
        assertThat(scene.git("rev-parse", "auto~1")).isEqualTo(main);
        assertThat(driver.status(queued.id()).orElseThrow().rewrites())
                .singleElement()
                .satisfies(rewrite -> assertThat(rewrite.why()).contains("rewritten", "accepted"));
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(scene.tag("main", "web")).isEqualTo("v2");
        assertThat(scene.tag("main", "api")).isEmpty();
        assertThat(scene.state(merged.id()))
                .as("how it ended is not written anew")
                .contains("\"merged\"");
    }

    @Test
    void theQueueIsLaidOnWhatTookMainsPlace() throws Exception {
        String other = scene.git("commit-tree", "main~1^{tree}", "-m", "A new history");
        scene.git("update-ref", "refs/heads/main", other);
        stops(driver);

        accept(driver);

        assertThat(scene.git("rev-parse", "auto~1")).isEqualTo(other);
        assertThat(scene.queue()).hasSize(1);
        assertThat(scene.tag("auto", "web")).isEqualTo("v2");
        assertThat(scene.tag("auto", "api")).isEmpty();
    }

    @Test
    void acceptedOnceItIsAcceptedByTheSuccessorToo() throws Exception {
        scene.git("update-ref", "refs/heads/main", "main~1");
        accept(driver);
        driver.close();

        Driver successor = scene.driver("jenkins");
        successor.round();

        assertThat(successor.state().orElseThrow().auto()).hasSize(1);
        assertThat(scene.answer(successor, new AcceptMain())).isFalse();
    }

    @Test
    void eachControllerIsAskedForItself() throws Exception {
        Driver other = scene.driver("other");
        other.round();
        scene.git("update-ref", "refs/heads/main", "main~1");
        accept(driver);
        String auto = scene.auto();
        stops(other);

        accept(other);

        assertThat(scene.auto()).isEqualTo(auto);
    }

    @Test
    void anAutoBranchThatIsGoneTooIsMadeAgain() throws Exception {
        scene.git("update-ref", "refs/heads/main", "main~1");
        scene.git("update-ref", "-d", "refs/heads/auto");
        String main = scene.main();

        accept(driver);

        assertThat(scene.queue()).hasSize(1);
        assertThat(scene.git("rev-parse", "auto~1")).isEqualTo(main);
        assertThat(scene.tag("auto", "api")).isEmpty();
    }

    @Test
    void whatTheRewriteTookFromTheQueueIsLost() throws Exception {
        scene.git("update-ref", "refs/heads/main", "main~1");
        scene.git("update-ref", "refs/heads/auto", "main");

        accept(driver);

        assertThat(scene.queue()).isEmpty();
        assertThat(driver.status(queued.id()).orElseThrow().outcome()).contains(Outcome.LOST);
        assertThat(driver.status(merged.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
    }

    @Test
    void whoAcceptsWhileTheRepositoryCannotBeReachedIsTold() throws Exception {
        CompletableFuture<Boolean> asked = driver.submit(new AcceptMain());
        scene.git("update-ref", "-d", "refs/heads/main");

        assertThatThrownBy(driver::round).isInstanceOf(RepoUnavailable.class);
        driver.failRound(new RepoUnavailable("There is no main."));

        assertThat(asked).isCompletedExceptionally();
    }
}
