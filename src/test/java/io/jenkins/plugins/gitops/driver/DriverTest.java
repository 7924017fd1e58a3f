package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a driver does with a real repository, read back by git itself. */
class DriverTest extends DriverTestBase {

    private Driver driver;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver("jenkins");
    }

    private ChangeStatus status(String id) throws IOException {
        return driver.status(id).orElseThrow();
    }

    @Test
    void aGreenChangeLandsOnMainWithItsTrailersAndItsEvidence() throws Exception {
        String before = scene.main();
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1", "web", "v1");

        assertThat(change.changed()).isTrue();
        assertThat(scene.queue()).containsExactly(change.sha());
        assertThat(scene.main()).as("nobody has tested it").isEqualTo(before);

        assertThat(scene.report(driver, change.sha(), CheckState.SUCCESS)).isTrue();

        assertThat(scene.main()).isEqualTo(change.sha());
        assertThat(scene.git("rev-parse", "main~1")).isEqualTo(before);
        assertThat(scene.tag("main", "api")).isEqualTo("v1");
        assertThat(scene.git("log", "-1", "--format=%s", "main")).isEqualTo("chore: update app to 7d1043473d");
        assertThat(scene.git("log", "-1", "--format=%(trailers)", "main").lines())
                .containsExactly(
                        "Autocommit-Id: " + change.id(),
                        "Autocommit-Operation: announce",
                        "Autocommit-Target: staging",
                        "Autocommit-Services: api, web",
                        "Autocommit-App-SHA: 7d1043473d55bfa90e8530d35801d4e381bc69f0",
                        "Autocommit-Order: app#1",
                        "Autocommit-Reason: new images published",
                        "Autocommit-Build: https://jenkins.example.com/job/app/1/");
        assertThat(scene.git("notes", "--ref=gitops-waves", "show", "main"))
                .contains("Check: ci/check success https://ci.example.com/1 (reported by ci #1)\n")
                .contains("Merged-By: https://jenkins.example.com/");
        assertThat(scene.state(change.id())).contains("\"outcome\": \"merged\"", "\"mainSha\": \"" + change.sha());
        assertThat(scene.git("for-each-ref", "--format=%(refname)", "refs/gitops-waves/main/checks/"))
                .as("the verdicts of main's own tip are kept, those of others forgotten")
                .isEqualTo("refs/gitops-waves/main/checks/" + change.sha());
        assertThat(status(change.id()).outcome()).contains(Outcome.MERGED);
        assertThat(status(change.id()).mainSha()).contains(change.sha());
    }

    /** Spec 3.5: two queued announcements touch the same JSON, and the lower one is red. */
    @Test
    void aRedChangeIsEvictedAndTheOneAboveItLands() throws Exception {
        SubmittedChange red = scene.announce(driver, "app#1", "api", "bad");
        SubmittedChange good = scene.announce(driver, "app#2", "web", "v2");
        scene.report(driver, red.sha(), CheckState.FAILURE);
        assertThat(scene.queue()).as("a re-run may yet turn it").hasSize(2);
        assertThat(status(red.id()).reason())
                .isEqualTo("Red: ci/check reported failure, but main itself ("
                        + scene.main().substring(0, 10)
                        + ") has no verdict yet: run CI on it, or wait: if nobody reports on it for 10m, it counts as "
                        + "green.");

        // Main's tip was pushed by hand and nobody reports on it: it is taken as green in the end.
        scene.clock.turn(Duration.ofMinutes(10));
        driver.round();

        assertThat(scene.queue()).hasSize(1);
        ChangeStatus moved = status(good.id());
        assertThat(moved.rewrites()).hasSize(1);
        assertThat(moved.rewrites().get(0).why()).contains(red.id()).contains("evicted");
        assertThat(moved.sha()).isNotEqualTo(good.sha());
        assertThat(status(red.id()).outcome()).contains(Outcome.EVICTED);
        assertThat(status(red.id()).cause()).contains("red");
        assertThat(status(red.id()).reason())
                .startsWith("Required checks failed: ci/check reported failure; nobody reported on main itself")
                .endsWith("for 10m, so it was taken as green.");
        assertThat(status(red.id()).failedChecks()).containsExactly(RepositoryScene.CHECK);
        assertThat(scene.git("rev-parse", "refs/gitops-waves/main/evicted/" + red.id()))
                .isEqualTo(red.sha());
        assertThat(scene.git("log", "-1", "--format=%B", "refs/gitops-waves/main/state"))
                .as("the log of the state, of which nobody but this change is the reason")
                .contains("Why: " + red.id() + " was evicted, and what was above it is replayed without it\n");

        scene.report(driver, moved.sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(moved.sha());
        assertThat(scene.tag("main", "web")).isEqualTo("v2");
        assertThat(scene.tag("main", "api")).isEmpty();
    }

    @Test
    void aVerdictOnACommitThatWasRewrittenCountsForNothing() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.byHand("docs.md", "hello\n", "Write docs");
        driver.round();

        assertThat(scene.report(driver, change.sha(), CheckState.SUCCESS)).isFalse();
        assertThat(scene.queue()).hasSize(1).doesNotContain(change.sha());

        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(scene.tag("main", "api")).isEqualTo("v1");
        assertThat(scene.git("show", "main:docs.md")).isEqualTo("hello");
    }

    @Test
    void aLateRedForACommitThatMainContainsChangesNothing() throws Exception {
        SubmittedChange lower = scene.announce(driver, "app#1", "api", "v1");
        SubmittedChange upper = scene.announce(driver, "app#2", "api", "v2");
        scene.report(driver, upper.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(upper.sha());

        assertThat(scene.report(driver, lower.sha(), CheckState.FAILURE)).isFalse();

        assertThat(scene.main()).isEqualTo(upper.sha());
        assertThat(status(lower.id()).outcome()).contains(Outcome.MERGED);
    }

    @Test
    void aReRunWithinTheGraceTurnsARedChangeAndALowerRunComesTooLate() throws Exception {
        SubmittedChange first = scene.announce(driver, "app#1", "api", "v1");
        scene.report(driver, first.sha(), CheckState.SUCCESS);
        SubmittedChange flaky = scene.announce(driver, "app#2", "api", "v2");
        scene.report(driver, flaky.sha(), CheckState.FAILURE, 10);
        scene.clock.turn(Duration.ofSeconds(59));
        driver.round();
        assertThat(status(flaky.id()).reason()).contains("evicted unless a re-run turns the check green");
        scene.report(driver, flaky.sha(), CheckState.PENDING, 11);
        scene.clock.turn(Duration.ofMinutes(5));
        scene.report(driver, flaky.sha(), CheckState.FAILURE, 9);
        assertThat(status(flaky.id()).reason()).isEqualTo("Waiting for ci/check.");

        scene.report(driver, flaky.sha(), CheckState.SUCCESS, 11);

        assertThat(scene.main()).isEqualTo(flaky.sha());
    }

    @Test
    void nothingIsEvictedWhileMainItselfIsRed() throws Exception {
        String main = scene.main();
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.report(driver, main, CheckState.FAILURE);
        scene.report(driver, change.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofHours(2));
        driver.round();

        assertThat(scene.queue()).containsExactly(change.sha());
        assertThat(status(change.id()).reason()).contains("main itself").contains("is red too");

        scene.report(driver, main, CheckState.SUCCESS);
        assertThat(status(change.id()).outcome()).contains(Outcome.EVICTED);
    }

    @Test
    void theCulpritIsFoundBelowARedTipThatAloneWasTested() throws Exception {
        var asked = new ArrayList<CompletableFuture<SubmittedChange>>();
        for (int i = 0; i < 9; i++) {
            asked.add(driver.submit(new AppendChange(RepositoryScene.change(
                    "app" + i + "#1", RepositoryScene.images("service" + i, i == 5 ? "bad" : "v1")))));
        }
        driver.round();
        List<String> ids = asked.stream().map(answer -> answer.join().id()).toList();
        assertThat(scene.queue()).hasSize(9);
        scene.clock.turn(Duration.ofMinutes(10));
        int tested = 0;
        // A CI that tests the tips of branches only, as most do.
        for (int i = 0; i < 40 && !scene.main().equals(scene.auto()); i++) {
            for (String tip : tipsToTest()) {
                boolean bad =
                        scene.git("show", tip + ":images/staging/tags.json").contains(":bad");
                scene.report(driver, tip, bad ? CheckState.FAILURE : CheckState.SUCCESS);
                tested++;
            }
            scene.clock.turn(Duration.ofSeconds(61));
            driver.round();
        }

        for (int i = 0; i < 9; i++) {
            assertThat(status(ids.get(i)).outcome())
                    .as("change %d", i)
                    .contains(i == 5 ? Outcome.EVICTED : Outcome.MERGED);
        }
        assertThat(tested).as("runs of CI for nine changes and one culprit").isLessThan(9);
        assertThat(scene.tag("main", "service8")).isEqualTo("v1");
        assertThat(scene.tag("main", "service5")).isEmpty();
    }

    private List<String> tipsToTest() {
        List<String> tips = new ArrayList<>();
        for (String ref : scene.git("for-each-ref", "--format=%(refname)", "refs/heads/auto", "refs/heads/auto-ci")
                .lines()
                .toList()) {
            String tip = scene.git("rev-parse", ref);
            boolean waits = scene.queue().contains(tip) && !scene.refExists("refs/gitops-waves/main/checks/" + tip);
            if (waits && !tips.contains(tip)) {
                tips.add(tip);
            }
        }
        return tips;
    }

    @Test
    void theSameAnnouncementFiveTimesAtOnceIsOneCommit() throws Exception {
        var asked = Stream.generate(() -> RepositoryScene.change("app#7", RepositoryScene.images("api", "v1")))
                .limit(5)
                .map(change -> driver.submit(new AppendChange(change)))
                .toList();
        driver.round();

        assertThat(asked.stream().map(answer -> answer.join().id()).distinct()).hasSize(1);
        assertThat(scene.queue()).hasSize(1);

        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(scene.announce(driver, "app#8", "api", "v1").changed())
                .as("main has it")
                .isFalse();
        assertThat(scene.queue()).isEmpty();
    }

    @Test
    void anAppendThatIsAskedAgainIsFoundWhereverItIs() throws Exception {
        NewChange change = RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"));
        SubmittedChange first = scene.answer(driver, new AppendChange(change));
        assertThat(scene.answer(driver, new AppendChange(change))).isEqualTo(first);
        scene.report(driver, first.sha(), CheckState.SUCCESS);

        Driver another = scene.driver("replacement");
        assertThat(scene.answer(another, new AppendChange(change))).isEqualTo(first);
        assertThat(scene.queue()).isEmpty();
    }

    @Test
    void anEarlierBuildThatComesLateIsSupersededAndLeavesTheLaterOnesServicesAlone() throws Exception {
        SubmittedChange later = scene.announce(driver, "app#2", "api", "v2");
        SubmittedChange whole = scene.announce(driver, "app#1", "api", "v1");
        assertThat(whole.superseded()).isTrue();
        assertThat(whole.changed()).isFalse();

        SubmittedChange part = scene.announce(driver, "app#1", "api", "v1", "web", "v1");
        assertThat(part.superseded()).isFalse();
        assertThat(scene.git("log", "-1", "--format=%(trailers:key=Autocommit-Services,valueonly)", "auto"))
                .isEqualTo("web");
        scene.report(driver, scene.auto(), CheckState.SUCCESS);

        assertThat(scene.tag("main", "api")).isEqualTo("v2");
        assertThat(scene.tag("main", "web")).isEqualTo("v1");
        assertThat(status(later.id()).outcome()).contains(Outcome.MERGED);
    }

    /** A controller was lost with its build numbers, or a job was deleted and made again. */
    @Test
    void numbersThatBeganAnewDoNotMakeANewBuildAnEarlierOne() throws Exception {
        scene.report(driver, scene.announce(driver, "app#50", "api", "v50").sha(), CheckState.SUCCESS);
        scene.clock.turn(Duration.ofMinutes(1));
        Instant second = scene.clock.instant();
        scene.clock.turn(Duration.ofMinutes(1));
        Instant third = scene.clock.instant();
        scene.clock.turn(Duration.ofMinutes(1));

        SubmittedChange newer = scene.answer(driver, new AppendChange(begun(third, "app#3", "v3")));
        assertThat(newer.superseded()).isFalse();
        scene.byHand("docs.md", "x", "Have it replayed");
        driver.round();
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(scene.tag("main", "api")).isEqualTo("v3");

        SubmittedChange late = scene.answer(driver, new AppendChange(begun(second, "app#2", "v2")));
        assertThat(late.superseded()).as("the order of the new numbers holds").isTrue();
    }

    private static NewChange announcement(String wave) {
        ChangeTrailers trailers = RepositoryScene.trailers(ChangeOperation.ANNOUNCE, WavePath.of(wave), "app#1")
                .build();
        return new NewChange(trailers, RepositoryScene.images("api", "v1"));
    }

    private static NewChange begun(Instant started, String order, String version) {
        return RepositoryScene.change(order, RepositoryScene.images("api", version))
                .startedAt(started);
    }

    @Test
    void contentThatSomebodyPutOnMainByHandSatisfiesTheChange() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        String digests = scene.git("show", "auto:images/staging/digests.json") + "\n";
        String tags = scene.git("show", "auto:images/staging/tags.json") + "\n";
        scene.byHand("images/staging/digests.json", digests, "Write digests");
        String has = scene.byHand("images/staging/tags.json", tags, "Write tags");
        scene.byHand("other.md", "x", "Something else");
        driver.round();

        assertThat(scene.queue()).isEmpty();
        assertThat(status(change.id()).outcome()).contains(Outcome.SATISFIED);
        assertThat(status(change.id()).mainSha()).contains(has);
    }

    @Test
    void aChangeThatOnlyUndecidedOnesMakeEmptyStaysAndOutlivesTheirEviction() throws Exception {
        scene.report(driver, scene.announce(driver, "first#1", "api", "v1").sha(), CheckState.SUCCESS);
        SubmittedChange api = scene.announce(driver, "one#1", "api", "v2");
        scene.announce(driver, "two#1", "web", "v2");
        SubmittedChange both = scene.announce(driver, "three#1", "api", "v2", "web", "v2");
        assertThat(both.state()).as("no single change brings both").isEqualTo(SubmittedChange.State.COMMITTED);
        assertThat(scene.git("diff", "--stat", "auto~1", "auto")).isEmpty();

        scene.report(driver, api.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofSeconds(61));
        driver.round();
        assertThat(status(api.id()).outcome()).contains(Outcome.EVICTED);
        assertThat(scene.queue()).hasSize(2);

        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(scene.tag("main", "api"))
                .as("the third change wanted it still")
                .isEqualTo("v2");
    }

    @Test
    void aChangeBackToWhatMainHasIsKeptWhileAnotherMayTakeItAway() throws Exception {
        scene.report(driver, scene.announce(driver, "a#1", "api", "v1").sha(), CheckState.SUCCESS);
        SubmittedChange forth = scene.announce(driver, "b#1", "api", "v2");
        SubmittedChange back = scene.announce(driver, "c#1", "api", "v1");
        assertThat(back.changed()).isTrue();
        scene.byHand("x.md", "x", "Move main");
        driver.round();

        assertThat(scene.queue()).hasSize(2);
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(scene.tag("main", "api")).isEqualTo("v1");
        assertThat(status(forth.id()).outcome()).contains(Outcome.MERGED);
    }

    @Test
    void theAutoBranchIsRestoredWhenSomebodyDeletesIt() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.git("update-ref", "-d", "refs/heads/auto");
        driver.round();

        assertThat(scene.auto()).isEqualTo(change.sha());
        assertThat(status(change.id()).outcome()).isEmpty();
    }

    @Test
    void aChangeThatVanishesIsLost() throws Exception {
        SubmittedChange gone = scene.announce(driver, "app#1", "api", "v1");
        scene.git("update-ref", "refs/heads/auto", scene.main());
        driver.round();

        assertThat(status(gone.id()).outcome()).contains(Outcome.LOST);
        assertThat(scene.state(gone.id())).contains("\"outcome\": \"lost\"");
    }

    @Test
    void aChangeThatSomebodyPushesToMainIsMerged() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.git("update-ref", "refs/heads/main", change.sha());
        driver.round();

        assertThat(status(change.id()).outcome()).contains(Outcome.MERGED);
        assertThat(scene.state(change.id())).contains("somebody moved main to it");
    }

    @Test
    void aHandMadeCommitOnAutoIsJudgedLikeAnyOtherAndMergedThreeWays() throws Exception {
        scene.announce(driver, "app#1", "api", "v1");
        String byHand = scene.byHand("auto", "manifests/api.yaml", "replicas: 2\n", "Scale");
        scene.byHand("docs.md", "x", "Move main");
        driver.round();

        assertThat(scene.queue()).hasSize(2).doesNotContain(byHand);
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(scene.git("show", "main:manifests/api.yaml")).isEqualTo("replicas: 2");
        assertThat(scene.git("log", "-1", "--format=%an %s", "main")).isEqualTo("Ada Scale");
    }

    @Test
    void aHandMadeCommitThatConflictsIsEvictedAsAConflictAndTheRestStays() throws Exception {
        String conflicting = scene.byHand("auto", "README.md", "Ours\n", "Say ours");
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.byHand("README.md", "Theirs\n", "Say theirs");
        driver.round();

        assertThat(scene.queue()).hasSize(1);
        assertThat(status(conflicting).outcome()).contains(Outcome.EVICTED);
        assertThat(status(conflicting).cause()).contains("conflict");
        assertThat(status(conflicting).reason()).contains("README.md");
        assertThat(status(change.id()).outcome()).isEmpty();
        assertThat(scene.git("for-each-ref", "--format=%(objectname)", "refs/gitops-waves/main/evicted/"))
                .isEqualTo(conflicting);
    }

    @Test
    void aMergeCommitOnAutoIsEvicted() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.byHand("docs.md", "x", "Move main");
        Path checkout = scene.checkout();
        GitCli.run(checkout, "fetch", "-q", "origin");
        GitCli.run(checkout, "checkout", "-q", "--detach", "origin/auto");
        GitCli.run(checkout, "merge", "-q", "-m", "Merge main", "origin/main");
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/auto");
        String merge = scene.auto();
        driver.round();

        assertThat(status(merge).outcome()).contains(Outcome.EVICTED);
        assertThat(scene.queue()).hasSize(1);
        assertThat(scene.git("rev-parse", "auto~1")).isEqualTo(scene.main());
        assertThat(status(change.id()).outcome()).isEmpty();
    }

    @Test
    void aRewrittenMainStopsTheDriver() throws Exception {
        scene.report(driver, scene.announce(driver, "app#1", "api", "v1").sha(), CheckState.SUCCESS);
        scene.git("update-ref", "refs/heads/main", "main~1");

        assertThatThrownBy(() -> driver.round())
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("was rewritten")
                .hasMessageContaining("administrator");
        assertThat(scene.tag("auto", "api")).isEqualTo("v1");
    }

    @Test
    void aCloneOfAnotherRepositoryIsNotTakenForThisOneRewritten() throws Exception {
        scene.report(driver, scene.announce(driver, "app#1", "api", "v1").sha(), CheckState.SUCCESS);
        driver.close();
        Files.createDirectories(root.resolve("moved"));
        try (RepositoryScene moved = RepositoryScene.onDisk(root.resolve("moved"))) {
            var repo = ConfigRepoClone.open(
                    root.resolve("jenkins"), moved.remote.toUri().toString(), () -> null);
            var settings = moved.settings();
            try (Driver reconfigured =
                    new Driver(settings, repo, ApplicationLookup.NONE, moved.clock, "https://jenkins.example.com/")) {
                reconfigured.round();
                assertThat(reconfigured.state().orElseThrow().auto()).isEmpty();
            }
            assertThat(moved.auto()).isEqualTo(moved.main());
        }
    }

    @Test
    void aRepositoryWithoutTheMainBranchIsNamed() {
        scene.git("update-ref", "-d", "refs/heads/main");

        assertThatThrownBy(() -> driver.round())
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("has no branch main")
                .hasMessageContaining("mainBranch");
    }

    @Test
    void anUnknownWaveAndUnreadableImageFilesRefuseTheChangeAlone() throws Exception {
        scene.byHand("images/staging/tags.json", "{\"api\": 7}", "Break it");
        var unreadable =
                driver.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));
        var unknown = driver.submit(new AppendChange(announcement("nowhere")));
        var other = driver.submit(new AppendChange(announcement("preview")));
        driver.round();

        assertThat(unreadable).isCompletedExceptionally();
        assertThatThrownBy(unreadable::join)
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("images/staging/tags.json");
        assertThatThrownBy(unknown::join)
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("staging, preview");
        assertThat(other.join().changed()).isTrue();
    }

    @Test
    void aRequestedEvictionTakesOneChangeAndLeavesTheRest() throws Exception {
        SubmittedChange lower = scene.announce(driver, "app#1", "api", "v1");
        SubmittedChange upper = scene.announce(driver, "other#1", "web", "v1");

        assertThat(scene.answer(driver, new EvictChange(lower.id(), "its build was aborted")))
                .isTrue();
        assertThat(scene.answer(driver, new EvictChange("00000000000000000000", "no such change")))
                .isFalse();

        assertThat(status(lower.id()).cause()).contains("requested");
        assertThat(status(upper.id()).outcome()).isEmpty();
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(scene.tag("main", "api")).isEmpty();
        assertThat(scene.tag("main", "web")).isEqualTo("v1");
    }

    @Test
    void aDamagedCloneIsReplaced() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        try (Stream<Path> objects = Files.walk(root.resolve("jenkins").resolve("objects"))) {
            for (Path object : objects.filter(Files::isRegularFile).toList()) {
                Files.write(object, new byte[] {0});
            }
        }
        Driver reopened = scene.driver("jenkins");
        scene.report(reopened, change.sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(change.sha());
    }

    @Test
    void whereOnlyDigestsCountAChangeOfTagsIsLeftOut() throws Exception {
        Driver digestsOnly = scene.driver("digests", scene.settings(true));
        scene.report(
                digestsOnly, scene.announce(digestsOnly, "app#1", "api", "v1").sha(), CheckState.SUCCESS);
        var retagged = new ImageRef("docker.example.com/api", "another-tag", RepositoryScene.digest("api:v1"));
        NewChange change = RepositoryScene.change("app#2", ImageSet.EMPTY.with("api", retagged));

        assertThat(scene.answer(digestsOnly, new AppendChange(change)).changed())
                .isFalse();
        assertThat(scene.answer(driver, new AppendChange(change)).changed()).isTrue();
    }

    @Test
    void aRequiredCheckThatNobodyReportsIsNamed() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        assertThat(status(change.id()).reason()).contains("nobody has reported yet");
        scene.clock.turn(Duration.ofMinutes(11));
        driver.round();

        assertThat(status(change.id()).reason())
                .isEqualTo("Nobody has reported ci/check for 10m: does CI build the branch auto and report it?");
    }

    @Test
    void anotherControllerTakesOverWhatADeadOneLeft() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        driver.submit(new RecordReport(new CheckReport(
                change.sha(),
                new CheckStatus(RepositoryScene.CHECK, CheckState.SUCCESS, scene.clock.instant(), 1),
                "ci")));
        Driver another = scene.driver("another");
        scene.report(another, change.sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(change.sha());
        assertThat(another.status(change.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        driver.round();
        assertThat(status(change.id()).outcome()).contains(Outcome.MERGED);
    }
}
