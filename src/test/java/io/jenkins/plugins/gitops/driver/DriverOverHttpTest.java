package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a driver does when the git server, the network or another driver gets in its way. */
class DriverOverHttpTest {

    @TempDir
    Path root;

    private GitHttpServer server;
    private RepositoryScene scene;
    private Driver driver;

    @BeforeEach
    void begin() throws GitOpsException {
        server = GitHttpServer.start(root, "bot", "secret");
        scene = RepositoryScene.served(root, server, "secret");
        driver = scene.driver("jenkins");
    }

    @AfterEach
    void end() {
        scene.close();
        server.close();
    }

    private Driver reaching(String url, String password) throws GitOpsException {
        var provider = new UsernamePasswordCredentialsProvider("bot", password);
        return new Driver(
                scene.settings(),
                ConfigRepoClone.open(root.resolve("clone"), url, () -> provider),
                scene.applications,
                scene.clock,
                "https://x/");
    }

    @Test
    void aChangeLandsOverHttp() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.report(driver, change.sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(change.sha());
    }

    @Test
    void anIdleRepositoryCostsOneRequestARound() throws Exception {
        driver.round();

        assertThat(requests(driver::round)).isEqualTo(1);
    }

    @Test
    void manyRefsOfOthersAreNotListedEachTime() throws Exception {
        driver.round();
        String main = scene.main();
        for (int i = 0; i < 1_000; i++) {
            scene.git("update-ref", "refs/pull/" + i + "/head", main);
        }
        assertThat(requests(driver::round)).as("which finds that they are many").isEqualTo(1);

        assertThat(requests(driver::round)).isEqualTo(2);
        assertThat(requests(driver::round)).isEqualTo(2);
    }

    private int requests(ServerCalls calls) throws Exception {
        int before = server.requests();
        calls.make();
        return server.requests() - before;
    }

    private interface ServerCalls {
        void make() throws Exception;
    }

    /** What docs/architecture.md says under "What a change costs the server". */
    @Test
    void appendMergeAndEvictionCostTheRefsAndThePushEach() throws Exception {
        driver.round();
        assertThat(requests(() -> scene.announce(driver, "app#1", "api", "v1"))).isEqualTo(2);
        assertThat(requests(() -> scene.report(driver, scene.auto(), CheckState.SUCCESS)))
                .isEqualTo(2);
        assertThat(scene.main()).isEqualTo(scene.auto());

        SubmittedChange red = scene.announce(driver, "app#2", "api", "bad");
        scene.announce(driver, "app#3", "web", "v3");
        scene.report(driver, red.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofMinutes(11));
        assertThat(requests(driver::round)).isEqualTo(2);
        assertThat(driver.status(red.id()).orElseThrow().outcome()).contains(Outcome.EVICTED);
        assertThat(scene.queue()).hasSize(1);
    }

    @Test
    void commitsOfOthersCostTwoRequestsMore() throws Exception {
        scene.announce(driver, "app#1", "api", "v1");
        scene.byHand("main", "by-hand.md", "x", "Push to main");

        assertThat(requests(driver::round)).isEqualTo(4);
        assertThat(scene.git("show", "auto:by-hand.md")).isEqualTo("x");
    }

    @Test
    void secondPushOfARoundOpensAConnectionAgain() throws Exception {
        SubmittedChange evicted = scene.announce(driver, "app#1", "api", "v1");
        driver.submit(new EvictChange(evicted.id(), "not wanted"));

        assertThat(requests(() -> scene.announce(driver, "app#2", "web", "v2"))).isEqualTo(4);
        assertThat(scene.queue()).hasSize(1);
    }

    @Test
    void aServerThatIsUnavailableForAMomentIsAskedAgain() throws Exception {
        server.answerUnavailable(2);

        assertThat(scene.announce(driver, "app#1", "api", "v1").changed()).isTrue();
    }

    @Test
    void aPushWhoseAnswerWasLostIsNotMadeTwice() throws Exception {
        driver.round();
        server.losePushAnswers(1);
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        assertThat(scene.queue()).containsExactly(change.sha());

        server.losePushAnswers(2);
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(change.sha());
    }

    @Test
    void aPushThatNeverArrivedIsMadeAgain() throws Exception {
        driver.round();
        server.losePushes(1);
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");

        assertThat(scene.queue()).containsExactly(change.sha());
    }

    @Test
    void somebodyWhoPushesInBetweenMakesTheLeaseFailAndTheAppendComeAgain() throws Exception {
        driver.round();
        server.beforeNextPush(() -> scene.byHand("auto", "by-hand.md", "x", "Push in between"));
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");

        assertThat(scene.queue()).hasSize(2).last().isEqualTo(change.sha());
        assertThat(scene.git("show", "auto:by-hand.md")).isEqualTo("x");
    }

    /** Spec 3.5: green and eviction under different leases can put an evicted commit on main. */
    @Test
    void twoDriversNeverDecideOnOneView() throws Exception {
        Driver other = scene.driver("other");
        SubmittedChange red = scene.announce(driver, "app#1", "api", "bad");
        SubmittedChange green = scene.announce(driver, "app#2", "web", "v1");
        other.round();
        scene.report(driver, red.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofMinutes(11));

        // While this driver's eviction is on its way the other one evicts on the same view.
        server.beforeNextPush(() -> round(other));
        driver.round();

        assertThat(driver.status(red.id()).orElseThrow().outcome()).contains(Outcome.EVICTED);
        assertThat(scene.queue()).hasSize(1);
        assertThat(scene.git("rev-list", "--count", RefNames.defaultState("main")))
                .isEqualTo("1");
        // And the same for a merge.
        server.beforeNextPush(() -> round(other));
        driver.submit(new RecordReport(new CheckReport(
                scene.auto(),
                new CheckStatus(RepositoryScene.CHECK, CheckState.SUCCESS, scene.clock.instant(), 9),
                "ci")));
        driver.round();
        assertThat(driver.status(green.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        assertThat(scene.tag("main", "api")).isEmpty();
    }

    private static void round(Driver driver) {
        try {
            driver.round();
        } catch (RepoUnavailable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aProtectedMainIsNamedInTheServersWordsAndNeitherAppendsNorEvictionsWaitForIt() throws Exception {
        SubmittedChange green = scene.announce(driver, "app#1", "api", "v1");
        Path hook = scene.remote.resolve("hooks").resolve("update");
        Files.writeString(hook, "#!/bin/sh\n[ \"$1\" != refs/heads/main ] || { echo 'main is frozen' >&2; exit 1; }\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        scene.report(driver, green.sha(), CheckState.SUCCESS);

        assertThat(driver.status(green.id()).orElseThrow().outcome()).isEmpty();
        assertThat(driver.status(green.id()).orElseThrow().reason())
                .contains("refuses to move main")
                .contains("hook declined")
                .contains("main is frozen");
        SubmittedChange red = scene.announce(driver, "app#2", "web", "bad");
        scene.report(driver, red.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofSeconds(61));
        driver.round();
        assertThat(driver.status(red.id()).orElseThrow().outcome()).contains(Outcome.EVICTED);

        Files.delete(hook);
        scene.clock.turn(Duration.ofMinutes(11));
        driver.round();
        assertThat(scene.main()).isEqualTo(green.sha());
    }

    @Test
    void aStateRefThatTheServerRefusesIsNamed() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        Path hook = scene.remote.resolve("hooks").resolve("update");
        Files.writeString(hook, "#!/bin/sh\ncase $1 in refs/gitops-waves/*) exit 1;; esac\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> scene.report(driver, change.sha(), CheckState.SUCCESS))
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("refused to move refs/gitops-waves/main/state")
                .hasMessageContaining("allow the credentials");
    }

    /** A hook before a push refuses all of its refs alike; these are the words of forges whose rule wants signatures. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "branch auto is protected from unverified commit 1914c860",
                "Commits must have verified signatures.",
                "Commit must be signed with a GPG key"
            })
    void aRuleThatWantsSignaturesIsMetByAKey(String words) throws Exception {
        Path hook = scene.remote.resolve("hooks").resolve("pre-receive");
        Files.writeString(hook, "#!/bin/sh\nprintf '%b\\n' '" + words + "' >&2\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> scene.announce(driver, "app#1", "api", "v1"))
                .isInstanceOf(RepoMisconfigured.class)
                .hasMessageContaining("signing: key")
                .hasMessageNotContaining("look at the rule")
                .hasMessageNotContaining("error: error:");
    }

    /** Gitea says the second of an unsigned commit, and of whatever else. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GitLab: Internal API unreachable",
                "error:\nerror: Internal Server Error (no message for end users)\nerror:"
            })
    void aHookThatFailsItselfCanGetBetter(String words) throws Exception {
        Path hook = scene.remote.resolve("hooks").resolve("pre-receive");
        for (String order : List.of("app#1", "app#2")) {
            Files.writeString(hook, "#!/bin/sh\nprintf '%b\\n' '" + words + "' >&2\nexit 1\n");
            assertThat(hook.toFile().setExecutable(true)).isTrue();

            assertThatThrownBy(() -> scene.announce(driver, order, "api", order))
                    .isInstanceOf(RepoUnavailable.class)
                    .isNotInstanceOf(RepoMisconfigured.class)
                    .hasMessageContaining("refused to move")
                    .hasMessageNotContaining("error: error:");
            Files.delete(hook);
            assertThat(scene.announce(driver, order, "api", order).changed()).isTrue();
        }
    }

    @Test
    void aMainThatWantsSignaturesSaysSoToo() throws Exception {
        SubmittedChange green = scene.announce(driver, "app#1", "api", "v1");
        Path hook = scene.remote.resolve("hooks").resolve("pre-receive");
        Files.writeString(
                hook,
                "#!/bin/sh\nwhile read -r old new ref; do [ $ref != refs/heads/main ] ||"
                        + " { echo 'branch main is protected from unverified commit 1914c860' >&2; exit 1; }; done\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        scene.report(driver, green.sha(), CheckState.SUCCESS);

        assertThat(driver.status(green.id()).orElseThrow().reason())
                .contains("refuses to move main")
                .contains("unverified commit 1914c860: have commits signed with the repository's signing: key");
    }

    /** CI would test a change that could never be merged. */
    @ParameterizedTest
    @ValueSource(strings = {"refs/gitops-waves/*", "refs/notes/*", "refs/heads/auto"})
    void nothingIsPushedWhereTheServerWouldRefuseWhatComesLater(String refused) throws Exception {
        Path hook = scene.remote.resolve("hooks").resolve("update");
        Files.writeString(hook, "#!/bin/sh\ncase $1 in " + refused + ") echo \"rule 7: no $1\" >&2; exit 1;; esac\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> scene.announce(driver, "app#1", "api", "v1"))
                .isInstanceOf(RepoMisconfigured.class)
                .hasMessageContaining("refused to move " + refused.replace("*", ""))
                .hasMessageContaining("rule 7: no " + refused.replace("*", ""));
        assertThat(scene.git("for-each-ref", "--format=%(refname)")).isEqualTo("refs/heads/main");

        Files.delete(hook);
        assertThat(scene.announce(driver, "app#1", "api", "v1").changed()).isTrue();
        assertThat(scene.git("for-each-ref", "--format=%(refname)").lines())
                .containsExactly("refs/gitops-waves/main/auto", "refs/heads/auto", "refs/heads/main");
    }

    @Test
    void aBranchWhoseNameLeavesNoPlaceForAutoIsNamed() throws Exception {
        scene.git("branch", "auto/renovate-1", "main");

        assertThatThrownBy(() -> scene.announce(driver, "app#1", "api", "v1"))
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("cannot have refs/heads/auto while it has refs/heads/auto/renovate-1")
                .hasMessageContaining("Delete or rename refs/heads/auto/renovate-1");
    }

    @Test
    void aRuleOfTheServerIsGivenInItsOwnWords() throws Exception {
        Path hook = scene.remote.resolve("hooks").resolve("pre-receive");
        Files.writeString(hook, "#!/bin/sh\necho 'GL-HOOK-ERR: commits must be signed (secret)' >&2\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> scene.announce(driver, "app#1", "api", "v1"))
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("GL-HOOK-ERR: commits must be signed (...)");
    }

    @Test
    void aWrongPasswordIsASentenceAndNotTriedAgain() throws Exception {
        Driver locked = reaching(server.url("cfg-app"), "wrong");
        int before = server.requests();

        assertThatThrownBy(locked::round)
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("refused access")
                .hasMessageContaining("credentialsId")
                .hasMessageNotContaining("wrong");
        assertThat(server.requests() - before).isEqualTo(1);
    }

    @Test
    void aRedirectToAnotherServerGetsNoPassword() throws Exception {
        HttpServer elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", exchange -> {
            String target = server.url("cfg-app").replaceFirst("/cfg-app$", "") + exchange.getRequestURI();
            exchange.getResponseHeaders().set("Location", target);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        elsewhere.start();
        try {
            String url = "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/cfg-app";

            assertThatThrownBy(() -> reaching(url, "secret").round())
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageContaining("has moved to " + server.url("cfg-app"))
                    .hasMessageContaining("not followed");
        } finally {
            elsewhere.stop(0);
        }
    }

    @Test
    void aServerWhoseRepositoryIsShallowIsNamedUntilItIsWhole() throws Exception {
        scene.byHand("main", "a.md", "a", "One more commit");
        Path shallow = root.resolve("shallow");
        GitCli.run(root, "clone", "-q", "--bare", "--depth", "1", "file://" + scene.remote, shallow.toString());
        Driver reaching = reaching(server.url("shallow"), "secret");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(reaching::round)
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageContaining("is itself shallow")
                    .hasMessageContaining("git fetch --unshallow");
        }

        GitCli.run(shallow, "fetch", "-q", "--unshallow");
        reaching.round();
        assertThat(GitCli.run(shallow, "rev-parse", "auto")).isEqualTo(GitCli.run(shallow, "rev-parse", "main"));
    }

    @Test
    void aServerThatIsMadeShallowIsNamedWhenSomethingHasToBeFetched() throws Exception {
        driver.round();
        scene.byHand("main", "a.md", "a", "One more commit");
        driver.round();
        Files.writeString(scene.remote.resolve("shallow"), scene.main() + "\n");

        assertThatCode(driver::round).doesNotThrowAnyException();
        assertThatCode(driver::round).doesNotThrowAnyException();
        scene.byHand("main", "b.md", "b", "A commit that the clone lacks");
        assertThatThrownBy(driver::round)
                .isInstanceOf(RepoMisconfigured.class)
                .hasMessageContaining("is itself shallow");
    }

    @Test
    void aRepositoryWithSha256IsNamedAsSuchByDriversAndProbes() throws Exception {
        Path bare = root.resolve("sha256");
        GitCli.run(root, "init", "-q", "--bare", "--object-format=sha256", "-b", "main", bare.toString());
        String empty = GitCli.run(bare, "mktree", "--missing").strip();
        String commit = GitCli.run(bare, "commit-tree", "-m", "Begin", empty).strip();
        for (int commits = 0; commits < 2; commits++) {
            Driver reaching = reaching(server.url("sha256"), "secret");
            assertThatThrownBy(reaching::round)
                    .isInstanceOf(RepoMisconfigured.class)
                    .hasMessageContaining("names its objects by SHA-256")
                    .hasMessageContaining("git init --object-format=sha1");
            try (var probing = ConfigRepoClone.open(
                    root.resolve("probe" + commits),
                    server.url("sha256"),
                    () -> new UsernamePasswordCredentialsProvider("bot", "secret"))) {
                assertThatThrownBy(() -> probing.probe(scene.settings().refNames()))
                        .isInstanceOf(RepoMisconfigured.class)
                        .hasMessageContaining("names its objects by SHA-256");
            }
            GitCli.run(bare, "update-ref", "refs/heads/main", commit);
        }
    }

    @Test
    void aMissingRepositoryAndAServerThatIsDownAreSentences() throws Exception {
        assertThatThrownBy(() -> reaching(server.url("nothing-here"), "secret").round())
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("There is no git repository at");
        String url = server.url("cfg-app");
        server.close();
        assertThatThrownBy(() -> reaching(url, "secret").round())
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("nothing answers at its address");
    }

    @Test
    void aServerWithoutAtomicPushesIsRefused() throws Exception {
        server.offerAtomicPushes("cfg-app", false);
        String main = scene.main();

        assertThatThrownBy(() -> scene.announce(driver, "app#1", "api", "v1"))
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("no atomic pushes");
        assertThat(scene.main()).isEqualTo(main);
        assertThat(scene.refExists("refs/heads/auto")).isFalse();

        server.offerAtomicPushes("cfg-app", true);
        assertThat(scene.announce(driver, "app#2", "api", "v2").changed())
                .as("what the server can do is asked each time")
                .isTrue();
    }
}
