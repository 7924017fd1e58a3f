package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ReadState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.explain.ReleaseNames;
import io.jenkins.plugins.gitops.explain.WhyReport;
import io.jenkins.plugins.gitops.explain.WrittenState;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.GitCli;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reasons found from git alone, beside a driver that has done something or is gone. */
class WhyReportTest extends DriverTestBase {

    private Driver driver;
    private ConfigRepoClone clone;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver("jenkins");
        clone = ConfigRepoClone.open(root.resolve("why"), scene.settings().url(), () -> null);
    }

    @AfterEach
    void end() {
        clone.close();
    }

    private WhyReport look() throws RepoUnavailable {
        String before = scene.git("for-each-ref");
        WhyReport why = WhyReport.read(scene.settings(), clone, scene.clock);
        assertThat(scene.git("for-each-ref")).as("who looks pushes nothing").isEqualTo(before);
        return why;
    }

    private WhyReport.ChangeAnswer change(String asked) throws Exception {
        return (WhyReport.ChangeAnswer) look().ask(asked).orElseThrow();
    }

    private WhyReport.WaveAnswer wave(String name) throws Exception {
        return (WhyReport.WaveAnswer) look().ask(name).orElseThrow();
    }

    private SubmittedChange merged(String order, String... servicesAndVersions) throws GitOpsException {
        SubmittedChange change = scene.announce(driver, order, servicesAndVersions);
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        return change;
    }

    private SubmittedChange evicted(String order, String... servicesAndVersions) throws GitOpsException {
        scene.report(driver, scene.main(), CheckState.SUCCESS);
        SubmittedChange change = scene.announce(driver, order, servicesAndVersions);
        scene.report(driver, change.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofSeconds(60));
        driver.round();
        return change;
    }

    @Test
    void aQueuedChangeIsFoundByAllItsNames() throws Exception {
        scene.announce(driver, "app#1", "api", "v1");
        SubmittedChange change = scene.announce(driver, "app#2", "web", "v2");

        for (String name : List.of(
                change.id(),
                change.sha(),
                change.id().substring(0, 8),
                change.sha().substring(0, 7))) {
            WhyReport.ChangeAnswer answer = change(name);
            assertThat(answer.status().id()).as(name).isEqualTo(change.id());
            assertThat(answer.place()).isEqualTo(2);
            assertThat(answer.status().reason()).isEqualTo("Waiting for ci/check, which nobody has reported yet.");
            assertThat(answer.trailers().orElseThrow().services()).containsExactly("web");
        }
        assertThat(driver.status(change.id())).contains(change(change.id()).status());
    }

    @Test
    void aDecidedChangeTellsWhoDecidedAndWhy() throws Exception {
        SubmittedChange red = evicted("app#1", "api", "v1");
        SubmittedChange green = merged("app#2", "web", "v2");

        assertThat(change(red.sha())).satisfies(answer -> {
            assertThat(answer.status().outcome()).contains(Outcome.EVICTED);
            assertThat(answer.status().reason()).startsWith("Required checks failed: ci/check reported failure");
            assertThat(answer.status().failedChecks()).containsExactly("ci/check");
            assertThat(answer.by()).contains("https://jenkins.example.com/");
            assertThat(answer.trailers().orElseThrow().buildUrl()).contains("https://jenkins.example.com/job/app/1/");
        });
        assertThat(change(green.sha().substring(0, 10)).status())
                .returns(green.id(), ChangeStatus::id)
                .returns(Optional.of(Outcome.MERGED), ChangeStatus::outcome);
    }

    @Test
    void aCommitThatSomebodyMadeByHandIsFoundOnMain() throws Exception {
        String byHand = scene.byHand("docs.md", "x", "Explain");

        WhyReport.ChangeAnswer answer = change(byHand.substring(0, 12));

        assertThat(answer.status().mainSha()).contains(byHand);
        assertThat(answer.status().subject()).isEqualTo("Explain");
        assertThat(answer.trailers()).isEmpty();
        assertThat(answer.by()).isEmpty();
    }

    @Test
    void whatIsUnknownIsNothing() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");

        assertThat(look().ask("nothing-like-it")).isEmpty();
        assertThat(look().ask("f".repeat(40))).isEmpty();
        assertThat(look().ask(scene.git("rev-parse", "main^{tree}"))).isEmpty();
        assertThat(driver.status(scene.git("rev-parse", "main^{tree}"))).isEmpty();
        assertThat(look().ask(change.id().substring(0, 3)))
                .as("too short to be looked for")
                .isEmpty();
    }

    @Test
    void severalThatBeginAlikeAreNamed() throws Exception {
        append("abcdefgh0001", "v1");
        append("abcdefgh0002", "v2");

        assertThatThrownBy(() -> look().ask("abcdefgh"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("abcdefgh0001, abcdefgh0002");
        assertThat(change("abcdefgh0002").status().id()).isEqualTo("abcdefgh0002");
    }

    private void append(String id, String version) throws GitOpsException {
        ChangeTrailers trailers = ChangeTrailers.builder(id, ChangeOperation.ANNOUNCE, WavePath.of("staging"))
                .reason("new images published")
                .build();
        scene.answer(driver, new AppendChange(new NewChange(trailers, RepositoryScene.images("api", version))));
    }

    @Test
    void aWaveTellsItsImagesWhoWroteThemAndWhatWaits() throws Exception {
        SubmittedChange written = merged("app#1", "api", "v1");
        scene.byHand("docs.md", "x", "Explain");
        SubmittedChange queued = scene.announce(driver, "app#2", "api", "v2");

        WhyReport.WaveAnswer staging = wave("staging");

        assertThat(staging.wave().images()).isEqualTo(RepositoryScene.images("api", "v1"));
        assertThat(staging.lastWrite().orElseThrow().trailers().orElseThrow().id())
                .isEqualTo(written.id());
        assertThat(staging.queued()).extracting(change -> change.status().id()).containsExactly(queued.id());
        assertThat(wave("preview")).satisfies(preview -> {
            assertThat(preview.wave().images().isEmpty()).isTrue();
            assertThat(preview.lastWrite()).isEmpty();
            assertThat(preview.queued()).isEmpty();
        });
    }

    @Test
    void aServiceThatNoDeliveryMentionsAnyMoreIsNamed() throws Exception {
        scene.announce(driver, "app#1", "api", "v1", "cart", "v1");
        for (int number = 2; number <= 20; number++) {
            scene.announce(driver, "app#" + number, "api", "v" + number);
        }
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(wave("staging").wave().warnings().unmentioned()).isEmpty();

        scene.report(driver, scene.announce(driver, "app#21", "api", "v21").sha(), CheckState.SUCCESS);

        assertThat(wave("staging").wave().warnings().unmentioned().orElseThrow())
                .contains("The last 20 deliveries to staging did not mention cart.", "replace: true");
        driver.round();
        assertThat(WrittenState.of(driver.state().orElseThrow())).contains("\"unmentioned\": \"The last 20");
    }

    @Test
    void imageFilesThatSomebodyBrokeAreSaidToBe() throws Exception {
        scene.byHand("images/staging/tags.json", "no JSON", "Break it");

        assertThat(wave("staging").wave().warnings().problem().orElseThrow()).contains("tags.json");
        driver.round();
        assertThat(WrittenState.of(driver.state().orElseThrow())).contains("\"problem\": \"");
    }

    @Test
    void withoutADriverItTellsWhatOneWillDo() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        String green = "{\"ci/check\": {\"at\": \"2026-08-01T00:00:00Z\", \"run\": 1, \"state\": \"success\"}}";
        String checks = scene.git("commit-tree", mktree("100644 blob " + blob(green) + "\tchecks.json"), "-m", "Green");
        scene.git("update-ref", "refs/gitops-waves/main/checks/" + change.sha(), checks);

        assertThat(change(change.id()).status().reason())
                .isEqualTo("The change is green; main moves to its commit next.");
        scene.byHand("docs.md", "x", "Explain");
        assertThat(change(change.id()).status().reason())
                .isEqualTo("main has moved to " + scene.main().substring(0, 10)
                        + " since; the change is replayed on that next.");
    }

    @Test
    void theStateHasTheFormOfTheContract() throws Exception {
        SubmittedChange red = evicted("app#1", "api", "v1");
        scene.clock.turn(Duration.ofSeconds(1));
        merged("app#2", "web", "v2");
        SubmittedChange queued = scene.announce(driver, "app#3", "web", "v3");
        scene.report(driver, queued.sha(), CheckState.PENDING);

        JsonNode state = Json.parse(WrittenState.of(driver.state().orElseThrow()));

        assertThat(names(state))
                .containsExactly(
                        "repository",
                        "main",
                        "auto",
                        "waves",
                        "rejected",
                        "hooks",
                        "past",
                        "releases",
                        "runs",
                        "events",
                        "history");
        assertThat(state.path("main").path("sha").asText()).isEqualTo(scene.main());
        assertThat(names(state.path("auto").path(0)))
                .containsExactly(
                        "sha",
                        "id",
                        "subject",
                        "target",
                        "operation",
                        "services",
                        "since",
                        "reason",
                        "appSha",
                        "build",
                        "verdict",
                        "checks",
                        "release",
                        "why");
        assertThat(state.path("auto").path(0).path("release").asText()).isEqualTo("#3");
        assertThat(state.path("releases")
                        .path(RepositoryScene.images("web", "v2").identity())
                        .path("name")
                        .asText())
                .isEqualTo("#2");
        assertThat(state.path("auto").path(0).path("verdict").asText()).isEqualTo("undecided");
        assertThat(state.path("auto").path(0).path("checks").path(0))
                .isEqualTo(Json.parse("{\"context\": \"ci/check\", \"state\": \"pending\","
                        + " \"url\": \"https://ci.example.com/4\"}"));
        JsonNode set = state.path("waves").path(0).path("sets").path(0);
        assertThat(set.path("identity").asText())
                .isEqualTo(RepositoryScene.images("web", "v2").identity());
        assertThat(set.path("images"))
                .isEqualTo(Json.parse(RepositoryScene.images("web", "v2").toJson()));
        assertThat(state.path("history")).hasSize(2);
        assertThat(names(state.path("history").path(1)))
                .containsExactly(
                        "sha",
                        "id",
                        "when",
                        "subject",
                        "target",
                        "operation",
                        "services",
                        "outcome",
                        "reason",
                        "by",
                        "appSha",
                        "build",
                        "checks",
                        "identity",
                        "images",
                        "why",
                        "release");
        assertThat(state.path("history").path(0).path("outcome").asText()).isEqualTo("merged");
        assertThat(state.path("history").path(1).path("id").asText()).isEqualTo(red.id());
        JsonNode seen = Json.parse(WrittenState.of(look().state()));
        assertThat(seen.path("auto")).isEqualTo(state.path("auto"));
        assertThat(state.path("history")
                        .path(0)
                        .path("images")
                        .path("web")
                        .path("Tag")
                        .asText())
                .isEqualTo(RepositoryScene.images("web", "v2")
                        .get("web")
                        .orElseThrow()
                        .tagReference());
        assertThat(state.path("auto").path(0).path("why").path(0).asText())
                .startsWith("Change " + queued.id() + " ")
                .endsWith(", at place 1.");
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void theHistoryIsReadOnWithEachDecisionNewestFirst() throws Exception {
        for (int i = 1; i <= 3; i++) {
            merged("app#" + i, "api", "v" + i);
            scene.clock.turn(Duration.ofDays(1));
        }

        assertThat(driver.state().orElseThrow().history())
                .extracting(DecidedChange::at)
                .hasSize(3)
                .isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void whatSomebodyElseWroteIntoTheStateIsNoHistory() throws Exception {
        merged("app#1", "api", "v1");
        String state = scene.settings().stateRef();
        String junk = blob("junk");
        String day = scene.git("ls-tree", "-d", state + ":changes").replaceAll(".*\t", "");
        String files = scene.git("ls-tree", state + ":changes/" + day);
        String dayTree = mktree(files + "\n100644 blob " + junk + "\tjunk.json\n040000 tree "
                + mktree("100644 blob " + junk + "\tx") + "\tfolder");
        String changes = mktree("040000 tree " + dayTree + "\t" + day + "\n100644 blob " + junk + "\t9999-01-01");
        String tree = mktree("040000 tree " + changes + "\tchanges");
        scene.git("update-ref", state, scene.git("commit-tree", tree, "-p", state, "-m", "By hand"));

        driver.round();

        assertThat(driver.state().orElseThrow().history()).hasSize(1);
    }

    private String blob(String content) {
        return GitCli.run(Map.of(), content, scene.remote, "hash-object", "-w", "--stdin")
                .strip();
    }

    private String mktree(String entries) {
        return GitCli.run(Map.of(), entries + "\n", scene.remote, "mktree").strip();
    }

    @Test
    void ofTwoRedChangesTheUpperOneWaitsForTheLowerOneWhateverMainIs() throws Exception {
        SubmittedChange lower = scene.announce(driver, "app#1", "api", "bad");
        SubmittedChange upper = scene.announce(driver, "app#2", "web", "bad");
        scene.report(driver, upper.sha(), CheckState.FAILURE);
        assertThat(change(upper.id()).status().reason())
                .isEqualTo("Red: ci/check reported failure, but changes below it are undecided and are tested to find"
                        + " the one to blame.");
        scene.report(driver, scene.main(), CheckState.FAILURE);
        String main = "main itself (" + scene.main().substring(0, 10) + ") is red too: ci/check reported failure.";
        assertThat(change(upper.id()).status().reason())
                .as("nothing is tested on a red main")
                .isEqualTo("Red: ci/check reported failure, but " + main);

        scene.report(driver, lower.sha(), CheckState.FAILURE);

        assertThat(change(lower.id()).status().reason()).isEqualTo("Red: ci/check reported failure, but " + main);
        assertThat(change(upper.id()).status().reason())
                .isEqualTo("Red: ci/check reported failure, but a change below it is red too, and is decided first.");
        assertThat(scene.queue()).hasSize(2);
    }

    @Test
    void aReleaseOfLongAgoIsFoundRightAfterAStart() throws Exception {
        Driver driver = scene.driver("before");
        String first = scene.announce(driver, "app#1", "api", "v1").sha();
        scene.report(driver, first, CheckState.SUCCESS);
        scene.clock.turn(Duration.ofHours(1));
        for (int build = 2; build <= 105; build++) {
            driver.submit(new AppendChange(
                    RepositoryScene.change("app#" + build, RepositoryScene.images("api", "v" + build))));
        }
        driver.round();
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        Driver successor = scene.driver("after");

        successor.submit(new ReadState());
        successor.round();

        assertThat(ReleaseNames.of(successor.state().orElseThrow()).commitOf(WavePath.of("staging"), "#1"))
                .contains(first);
    }
}
