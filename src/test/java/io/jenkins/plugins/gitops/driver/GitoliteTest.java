package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.git.remote.SshAccess;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of changes through gitolite, whose rules say for each ref who may create, move and rewind it. */
@Timeout(120)
class GitoliteTest {

    /** What docs/howto/protected-branches.md asks for, and nothing else. */
    private static final String EXACT = """
                R                              = bot
                RW  refs/heads/main$           = bot
                RW+ refs/heads/auto$           = bot
                RW+ refs/heads/auto-ci/        = bot
                RW+ refs/gitops-waves/main/    = bot
                RW+ refs/notes/gitops-waves    = bot
            """;

    @TempDir
    Path root;

    private RealGitolite server;
    private RepositoryScene scene;
    private Driver driver;

    @BeforeEach
    void begin() throws Exception {
        server = new RealGitolite(root.resolve("gitolite"));
        GitCli.createBare(server.repository(), "main");
        scene = new RepositoryScene(root, server.repository(), server.url(), null);
        RealGitolite.ignoreRules(scene.checkout());
        server.rules(EXACT);
        driver = driver(server.key());
    }

    @AfterEach
    void end() throws Exception {
        if (driver != null) {
            driver.close();
        }
        if (scene != null) {
            scene.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private Driver driver(String key) throws Exception {
        var hosts = new OpenSshServerKeyDatabase(true, List.of(server.knownHosts()));
        var credentials = new CredentialsSource() {
            @Override
            public CredentialsProvider get() {
                return null;
            }

            @Override
            public SshAccess ssh() {
                return new SshAccess("nobody", List.of(key), null, hosts);
            }
        };
        return new Driver(
                scene.settings(),
                ConfigRepoClone.open(root.resolve("clone"), server.url(), credentials),
                scene.applications,
                scene.clock,
                "https://x/");
    }

    @Test
    void greenLandsAndRedIsEvictedWithRulesForExactlyTheRefsThatAreNeeded() throws Exception {
        SubmittedChange green = scene.announce(driver, "app#1", "api", "v1");
        scene.report(driver, green.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(green.sha());
        assertThat(scene.git("log", "-1", "--notes=gitops-waves", "--format=%N", "main"))
                .contains(RepositoryScene.CHECK);

        SubmittedChange red = scene.announce(driver, "app#2", "api", "bad");
        SubmittedChange above = scene.announce(driver, "app#3", "web", "v3");
        scene.report(driver, red.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofSeconds(61));
        driver.round();

        assertThat(driver.status(red.id()).orElseThrow().outcome()).contains(Outcome.EVICTED);
        assertThat(scene.refExists("refs/gitops-waves/main/evicted/" + red.id()))
                .isTrue();
        String replayed = scene.auto();
        assertThat(replayed).isNotEqualTo(above.sha());
        scene.report(driver, replayed, CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(replayed);
    }

    @Test
    void whatIsBelowARedTipIsPushedForCiAlone() throws Exception {
        scene.announce(driver, "app#1", "api", "v1");
        SubmittedChange tip = scene.announce(driver, "app#2", "web", "bad");
        scene.report(driver, tip.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofSeconds(61));
        driver.round();

        assertThat(scene.git("for-each-ref", "--format=%(refname)", "refs/heads/auto-ci"))
                .isNotEmpty();
    }

    @Test
    void aMainThatTheRulesDenyIsNamedInGitolitesWords() throws Exception {
        server.rules(EXACT.replaceFirst("RW  refs/heads/main\\$", "R   refs/heads/main\\$"));
        SubmittedChange green = scene.announce(driver, "app#1", "api", "v1");
        scene.report(driver, green.sha(), CheckState.SUCCESS);

        assertThat(driver.status(green.id()).orElseThrow().outcome()).isEmpty();
        assertThat(driver.status(green.id()).orElseThrow().reason())
                .contains("refuses to move main")
                .contains("W refs/heads/main cfg-app bot DENIED");

        server.rules(EXACT);
        scene.clock.turn(Duration.ofMinutes(11));
        driver.round();
        assertThat(scene.main()).isEqualTo(green.sha());
    }

    @Test
    void nothingIsPushedWhereTheRulesDenyTheState() throws Exception {
        server.rules(EXACT.replace("RW+ refs/gitops-waves/main/", "R   refs/gitops-waves/main/"));

        assertThatThrownBy(() -> scene.announce(driver, "app#1", "api", "v1"))
                .isInstanceOf(GitOpsException.class)
                .hasMessageContaining("refs/gitops-waves/")
                .hasMessageContaining("cfg-app bot DENIED");
        assertThat(scene.git("for-each-ref", "--format=%(refname)")).isEqualTo("refs/heads/main");
    }

    @Test
    void aKeyThatGitoliteKnowsAndLetsReadNothingIsASentence() throws Exception {
        server.rules("            R = somebody\n");

        assertThatThrownBy(driver::round)
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("credentials may read it")
                .hasMessageContaining("R any cfg-app bot DENIED");
    }
}
