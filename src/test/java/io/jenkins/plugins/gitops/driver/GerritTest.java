package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of changes through Gerrit as a git server, with exactly the rights that it needs, and with less. */
@Timeout(240)
class GerritTest {

    /** What docs/howto/protected-branches.md asks for, and nothing else. */
    private static final Map<String, List<String>> EXACT = Map.of(
            "refs/heads/main", List.of("push", "forgeCommitter"),
            "refs/heads/auto", List.of("create", "push+", "forgeCommitter"),
            "refs/heads/auto-ci/*", List.of("create", "push+", "forgeCommitter"),
            "refs/gitops-waves/*", List.of("read", "create", "push+", "forgeAuthor", "forgeCommitter"),
            "refs/notes/gitops-waves", List.of("read", "create", "push+", "forgeAuthor", "forgeCommitter"));

    @TempDir
    static Path home;

    private static RealGerrit server;

    @TempDir
    Path root;

    private String project;
    private Set<String> given = Set.of();
    private RepositoryScene scene;
    private Driver driver;

    @BeforeAll
    static void start() throws Exception {
        server = new RealGerrit(home);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        project = test.getTestMethod().orElseThrow().getName();
        Path repository = server.create(project);
        rights(EXACT);
        scene = new RepositoryScene(root, repository, server.url(project), server.credentials());
        driver = new Driver(
                scene.settings(),
                ConfigRepoClone.open(root.resolve("clone"), server.url(project), server::credentials),
                scene.applications,
                scene.clock,
                "https://x/");
    }

    @AfterEach
    void end() {
        if (driver != null) {
            driver.close();
        }
        if (scene != null) {
            scene.close();
        }
    }

    private void rights(Map<String, List<String>> rights) throws Exception {
        server.rights(project, given, rights);
        given = rights.keySet();
    }

    private void rights(String refs, String... rights) throws Exception {
        var changed = new TreeMap<>(EXACT);
        changed.put(refs, List.of(rights));
        rights(changed);
    }

    @Test
    void greenLandsAndRedIsEvictedWithExactlyTheRightsThatAreNeeded() throws Exception {
        SubmittedChange green = scene.announce(driver, "app#1", "api", "v1");
        scene.report(driver, green.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(green.sha());
        assertThat(scene.git("log", "-1", "--notes=gitops-waves", "--format=%N", "main"))
                .contains(RepositoryScene.CHECK);

        SubmittedChange red = scene.announce(driver, "app#2", "api", "bad");
        SubmittedChange above = scene.announce(driver, "app#3", "web", "v3");
        scene.report(driver, above.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofSeconds(61));
        driver.round();
        assertThat(scene.git("for-each-ref", "--format=%(objectname)", "refs/heads/auto-ci"))
                .contains(red.sha());
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
    void whatGerritRefusesIsNamedInItsWords() throws Exception {
        rights("refs/gitops-waves/*", "read");
        assertThatThrownBy(() -> scene.announce(driver, "app#1", "api", "v1"))
                .isInstanceOf(GitOpsException.class)
                .hasMessageContaining("refs/gitops-waves/")
                .hasMessageContaining("prohibited by Gerrit");
        assertThat(scene.git("for-each-ref", "--format=%(refname)", "refs/heads", "refs/gitops-waves"))
                .isEqualTo("refs/heads/main");

        var own = new TreeMap<>(EXACT);
        own.replaceAll((refs, rights) ->
                rights.stream().filter(right -> !right.startsWith("forge")).toList());
        rights(own);
        assertThatThrownBy(() -> scene.announce(driver, "app#1", "api", "v1"))
                .isInstanceOf(GitOpsException.class)
                .hasMessageContaining("you lack 'forge committer' permission");

        rights("refs/heads/main", "forgeCommitter");
        SubmittedChange green = scene.announce(driver, "app#1", "api", "v1");
        scene.report(driver, green.sha(), CheckState.SUCCESS);
        assertThat(driver.status(green.id()).orElseThrow().outcome()).isEmpty();
        assertThat(driver.status(green.id()).orElseThrow().reason())
                .contains("refuses to move main")
                .contains("prohibited by Gerrit");

        rights(EXACT);
        scene.clock.turn(Duration.ofMinutes(11));
        driver.round();
        assertThat(scene.main()).isEqualTo(green.sha());
    }

    /** A label such as Verified is a vote on a change in review; a commit that was pushed to a branch is none. */
    @Test
    void whatIsPushedToAutoIsNoChangeInReviewAndHasNoLabels() throws Exception {
        SubmittedChange queued = scene.announce(driver, "app#1", "api", "v1");
        assertThat(server.changesInReview(project, queued.sha())).isEmpty();

        scene.report(driver, queued.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(queued.sha());
        assertThat(server.changesInReview(project, queued.sha())).isEmpty();

        Path clone = root.resolve("review");
        GitCli.run(root, "clone", "-q", scene.remote.toString(), clone.toString());
        GitCli.run(clone, "commit", "-q", "--allow-empty", "-m", "docs: read me\n\nChange-Id: I" + queued.sha());
        GitCli.run(clone, "push", "-q", server.urlWithPassword(project), "HEAD:refs/for/main");
        String reviewed = GitCli.run(clone, "rev-parse", "HEAD").strip();
        assertThat(server.changesInReview(project, reviewed))
                .as("what is pushed for review")
                .hasSize(1);
    }

    @Test
    void theTestOfTheConnectionChangesNothing() throws Exception {
        String before = scene.git("for-each-ref", "--format=%(refname)");
        try (ConfigRepoClone clone =
                ConfigRepoClone.open(root.resolve("other"), server.url(project), server::credentials)) {
            assertThat(clone.probe(scene.settings().refNames()).refused()).isEmpty();
            rights("refs/heads/main", "read");
            // Gerrit looks at its rights after the lease, which does not hold.
            assertThat(clone.probe(scene.settings().refNames()).refused()).isEmpty();
        }
        assertThat(scene.git("for-each-ref", "--format=%(refname)")).isEqualTo(before);
    }
}
