package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RepairState;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A file of the state ref that cannot be read is named, stops nothing but what it could forbid, and is what it was when
 * it is repaired.
 */
class StateDamageTest extends DriverTestBase {

    private static final String STATE = "refs/gitops-waves/main/state";

    private Driver driver;

    /** What may lie in the place of a file. */
    enum Damage {
        NO_JSON,
        OTHER_JSON,
        TOO_LARGE,
        FOLDER,
        LINK;

        private String entry(StateDamageTest test, String name) {
            return switch (this) {
                case NO_JSON -> "100644 blob " + test.blob("{garbage") + "\t" + name;
                case OTHER_JSON -> "100644 blob " + test.blob("[1]") + "\t" + name;
                case TOO_LARGE ->
                    "100644 blob " + test.blob("{\"hold\": \"" + "x".repeat(17 << 20) + "\"}") + "\t" + name;
                case FOLDER -> "040000 tree " + test.tree(List.of(NO_JSON.entry(test, "x"))) + "\t" + name;
                case LINK -> "120000 blob " + test.blob("/etc/passwd") + "\t" + name;
            };
        }
    }

    @BeforeEach
    void begin() throws GitOpsException {
        Gates open = Gates.builder().build();
        driver = scene.driver(
                "jenkins",
                scene.settings(List.of(
                        Wave.named("staging").build(),
                        Wave.named("internal")
                                .promotesFrom("staging")
                                .gates(open)
                                .build(),
                        Wave.named("preview").build())));
        driver.round();
    }

    private String blob(String content) {
        return GitCli.run(Map.of(), content, scene.remote, "hash-object", "-w", "--stdin")
                .strip();
    }

    private String tree(List<String> entries) {
        return GitCli.run(Map.of(), String.join("\n", entries) + "\n", scene.remote, "mktree")
                .strip();
    }

    /** Puts something in the place of a file, as somebody who pushes to the state would. */
    private void damage(String path, Damage damage) {
        String old = scene.refExists(STATE) ? scene.git("rev-parse", STATE).strip() : "";
        String changed = replaced(old.isEmpty() ? "" : old + "^{tree}", path, damage);
        String commit = old.isEmpty()
                ? scene.git("commit-tree", changed, "-m", "Break it")
                : scene.git("commit-tree", changed, "-p", old, "-m", "Break it");
        scene.git("update-ref", STATE, commit.strip());
    }

    private String replaced(String tree, String path, Damage damage) {
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        var entries = new TreeMap<String, String>();
        if (!tree.isEmpty() && GitCli.succeeds(scene.remote, "rev-parse", "--verify", "--quiet", tree)) {
            scene.git("ls-tree", tree).lines().forEach(line -> entries.put(line.split("\t")[1], line));
        }
        String inner =
                tree.isEmpty() ? "" : tree.contains(":") ? tree + "/" + name : tree.replace("^{tree}", ":") + name;
        entries.put(
                name,
                slash < 0
                        ? damage.entry(this, name)
                        : "040000 tree " + replaced(inner, path.substring(slash + 1), damage) + "\t" + name);
        return tree(List.copyOf(entries.values()));
    }

    private List<String> problems() throws IOException {
        return driver.state().orElseThrow().problems();
    }

    private List<String> repair() throws GitOpsException {
        return scene.answer(driver, new RepairState("Ada"));
    }

    private SubmittedChange announce(String order, String version) throws GitOpsException {
        return scene.announce(driver, order, "shop", version);
    }

    private void hold() throws GitOpsException {
        scene.answer(
                driver,
                new ApplyStateCommand(new StateCommand.HoldWave(
                        "staging", new Hold("Ada", "a freeze", scene.clock.instant(), Optional.empty()))));
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void aWaveOfWhichNothingIsKnownTakesNoWriteAndIsHeldAgainWhenRepaired(Damage damage) throws Exception {
        hold();
        damage("waves/staging.json", damage);

        driver.round();

        assertThat(problems())
                .singleElement()
                .asString()
                .contains("waves/staging.json in the state of the repository cannot be used", "sandbox/gitops repair");
        assertThatThrownBy(() -> announce("app#1", "1"))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("waves/staging.json");
        assertThatThrownBy(() -> scene.answer(
                        driver,
                        new ApplyStateCommand(new StateCommand.ReleaseWave("staging", Optional.empty(), "Bob"))))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("waves/staging.json");
        NewChange elsewhere = new NewChange(
                RepositoryScene.trailers(ChangeOperation.ANNOUNCE, WavePath.of("preview"), "app#2")
                        .build(),
                RepositoryScene.images("shop", "2"));
        SubmittedChange other = scene.answer(driver, new AppendChange(elsewhere));
        scene.report(driver, other.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).as("other waves go on").isEqualTo(other.sha());

        String broken = scene.git("rev-parse", STATE).strip();
        assertThat(repair()).singleElement().asString().startsWith("waves/staging.json ");

        assertThat(problems()).isEmpty();
        assertThat(scene.git("log", "-1", "--format=%B", STATE)).contains("waves/staging.json", "By: Ada", broken);
        assertThatThrownBy(() -> announce("app#3", "3")).hasMessageContaining("staging is held by Ada");
        assertThat(repair()).isEmpty();
    }

    @Test
    void aGreenChangeWaitsUntilItIsKnownWhetherItsWaveIsHeld() throws Exception {
        SubmittedChange change = announce("app#1", "1");
        damage("waves/staging.json", Damage.NO_JSON);
        String main = scene.main();

        scene.report(driver, change.sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(main);
        assertThat(scene.queue()).hasSize(1);
        assertThat(driver.status(change.id()).orElseThrow().reason())
                .startsWith("The change is green, but waits: waves/staging.json");
        repair();
        assertThat(scene.main()).isEqualTo(change.sha());
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void nothingIsPromotedWhileNobodyKnowsWhatIsRejected(Damage damage) throws Exception {
        SubmittedChange change = announce("app#1", "1");
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        damage("rejected.json", damage);
        PromotionRequest request = PromotionRequest.of(PromotionRequest.Kind.PROMOTE, "staging", "internal")
                .build();

        PromotionResult refused = scene.answer(driver, new Promote(request));

        assertThat(refused.conditions().all())
                .filteredOn(condition -> !condition.met())
                .singleElement()
                .satisfies(condition -> {
                    assertThat(condition.name()).isEqualTo(PromotionCondition.REJECTED);
                    assertThat(condition.seen()).contains("rejected.json", "sandbox/gitops repair");
                });
        assertThat(problems()).hasSize(1);
        assertThatThrownBy(() -> announce("app#2", "2")).hasMessageContaining("rejected.json");
        repair();
        assertThat(scene.answer(driver, new Promote(request)).submitted()).isPresent();
    }

    @Test
    void whatLiesInPlaceOfAFolderIsReplacedByTheFolderAsItWas() throws Exception {
        String digest = RepositoryScene.image("shop", "1").digest();
        scene.answer(
                driver,
                new ApplyStateCommand(
                        new StateCommand.RejectImages(List.of(digest), "it leaks", "Ada", scene.clock.instant())));
        hold();
        damage("rejected", Damage.NO_JSON);
        damage("waves", Damage.LINK);

        driver.round();

        assertThat(problems()).hasSize(2);
        assertThatThrownBy(() -> announce("app#1", "2")).hasMessageContaining("waves is not a folder");
        assertThat(repair()).containsExactlyInAnyOrder("rejected is not a folder", "waves is not a folder");
        assertThatThrownBy(() -> announce("app#1", "1")).hasMessageContaining("staging is held by Ada");
        scene.answer(driver, new ApplyStateCommand(new StateCommand.ReleaseWave("staging", Optional.empty(), "Ada")));
        assertThatThrownBy(() -> announce("app#1", "1")).hasMessageContaining("it leaks");
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void aRejectionOfWhichOnlyTheNameCanBeReadStillRejects(Damage damage) throws Exception {
        String digest = RepositoryScene.image("shop", "1").digest();
        damage("rejected/2026-11-23/" + digest.substring("sha256:".length()) + ".json", damage);

        driver.round();

        if (damage != Damage.OTHER_JSON) {
            assertThat(driver.state().orElseThrow().rejections().byDigest()).containsKey(digest);
        }
        assertThatThrownBy(() -> announce("app#1", "1")).hasMessageContaining(digest);
        announce("app#1", "2");
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void aChangeOfWhichNobodyKnowsHowItEndedHasEnded(Damage damage) throws Exception {
        SubmittedChange merged = announce("app#1", "1");
        scene.report(driver, merged.sha(), CheckState.SUCCESS);
        SubmittedChange red = announce("app#2", "2");
        scene.report(driver, red.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofMinutes(5));
        driver.round();
        assertThat(driver.status(red.id()).orElseThrow().outcome()).contains(Outcome.EVICTED);
        String day = scene.git("ls-tree", "--name-only", STATE, "changes/").strip();
        damage(day + "/" + merged.id() + ".json", damage);
        damage(day + "/" + red.id() + ".json", damage);

        driver.round();

        assertThat(problems()).hasSize(2).allMatch(sentence -> sentence.contains(day));
        assertThat(driver.status(merged.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        assertThat(driver.status(red.id()).orElseThrow()).satisfies(status -> {
            assertThat(status.outcome()).contains(Outcome.LOST);
            assertThat(status.reason()).contains(red.id() + ".json");
        });
        NewChange again = RepositoryScene.change("app#2", RepositoryScene.images("shop", "2"));
        assertThat(scene.answer(driver, new AppendChange(again)).state()).isEqualTo(SubmittedChange.State.COMMITTED);
        assertThat(repair()).hasSize(2);
        assertThat(problems()).isEmpty();
        assertThat(driver.status(red.id()).orElseThrow().end().orElseThrow().cause())
                .contains(DecidedChange.RED);
    }

    @Test
    void theFolderOfDecisionsIsRestoredBeforeTheNextDecision() throws Exception {
        SubmittedChange merged = announce("app#1", "1");
        scene.report(driver, merged.sha(), CheckState.SUCCESS);
        damage("changes", Damage.NO_JSON);

        SubmittedChange next = announce("app#2", "2");
        scene.report(driver, next.sha(), CheckState.SUCCESS);

        assertThat(problems()).isEmpty();
        assertThat(scene.git("ls-tree", "-r", "--name-only", STATE, "changes/")).contains(merged.id(), next.id());
    }

    @Test
    void whatOthersAddedToAWaveGivesWayToWhatIsWrittenThere() throws Exception {
        hold();
        String others = "{\"hold\": {\"by\": \"Ada\", \"reason\": \"a freeze\"}, \"more\": \""
                + "x".repeat((16 << 20) - 64) + "\"}";
        String blob = blob(others);
        String waves = tree(List.of("100644 blob " + blob + "\tstaging.json"));
        String commit = scene.git(
                "commit-tree", tree(List.of("040000 tree " + waves + "\twaves")), "-p", STATE, "-m", "Add more");
        scene.git("update-ref", STATE, commit.strip());
        driver.round();
        assertThat(problems()).isEmpty();

        scene.answer(
                driver,
                new ApplyStateCommand(new StateCommand.HoldWave(
                        "staging", new Hold("Bob", "y".repeat(900), scene.clock.instant(), Optional.empty()))));

        assertThat(problems()).isEmpty();
        assertThat(scene.git("show", STATE + ":waves/staging.json"))
                .contains("Bob")
                .doesNotContain("xxx");
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void whereMainWasMovedToLastIsNamedWhenItCannotBeReadAndStopsNothing(Damage damage) throws Exception {
        SubmittedChange merged = announce("app#1", "1");
        scene.report(driver, merged.sha(), CheckState.SUCCESS);
        String recorded = scene.git("show", STATE + ":main.json");
        damage("main.json", damage);

        driver.round();

        assertThat(problems())
                .singleElement()
                .asString()
                .contains("main.json in the state of the repository cannot be used", "sandbox/gitops repair");
        assertThat(repair()).singleElement().asString().startsWith("main.json ");
        assertThat(problems()).isEmpty();
        assertThat(scene.git("show", STATE + ":main.json")).isEqualTo(recorded);

        damage("main.json", damage);
        SubmittedChange next = announce("app#2", "2");
        scene.report(driver, next.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(next.sha());
        assertThat(problems()).as("the next merge writes it anew").isEmpty();
    }

    @Test
    void whatLiesInPlaceOfTheFolderOfADayIsNamedAndGivesWayToTheFolder() throws Exception {
        SubmittedChange merged = announce("app#1", "1");
        scene.report(driver, merged.sha(), CheckState.SUCCESS);
        String day = scene.git("ls-tree", "--name-only", STATE, "changes/");
        damage(day, Damage.NO_JSON);

        driver.round();

        assertThat(problems()).singleElement().asString().startsWith(day + " in the state of the repository");
        assertThat(driver.status(merged.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        assertThat(repair()).containsExactly(day + " is not a folder");
        assertThat(scene.git("ls-tree", "-r", "--name-only", STATE, day + "/")).contains(merged.id());

        damage(day, Damage.LINK);
        SubmittedChange next = announce("app#2", "2");
        scene.report(driver, next.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(next.sha());
        assertThat(problems()).isEmpty();
    }

    private void checksNamedAndReplaced(SubmittedChange change, String ref) throws Exception {
        driver.round();

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("The ref " + ref + " cannot be used: it ")
                .contains(change.sha().substring(0, 10), "reported again");
        assertThat(driver.status(change.id()).orElseThrow().outcome()).isEmpty();
        SubmittedChange above = announce("app#2", "2");
        assertThat(scene.queue()).containsExactly(change.sha(), above.sha());
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(change.sha());
        assertThat(problems()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void reportedChecksThatCannotBeReadAreNamedAndReplacedByTheNextReport(Damage damage) throws Exception {
        SubmittedChange change = announce("app#1", "1");
        scene.report(driver, change.sha(), CheckState.PENDING);
        String ref = "refs/gitops-waves/main/checks/" + change.sha();
        String tree = tree(List.of(damage.entry(this, "checks.json")));
        scene.git("update-ref", ref, scene.git("commit-tree", tree, "-m", "Break it"));

        checksNamedAndReplaced(change, ref);
    }

    @Test
    void aRefOfReportedChecksThatIsNoCommitOrHasNoFileIsNamedAndReplaced() throws Exception {
        SubmittedChange change = announce("app#1", "1");
        String ref = "refs/gitops-waves/main/checks/" + change.sha();
        misplace(ref);
        driver.round();
        assertThat(problems()).singleElement().asString().contains(ref + " cannot be used: it does not point to a");
        String emptyTree = scene.git("hash-object", "-t", "tree", "-w", "/dev/null");
        scene.git("update-ref", ref, scene.git("commit-tree", emptyTree, "-m", "Empty it"));

        checksNamedAndReplaced(change, ref);
    }

    /** Moves a ref to a blob, as somebody who pushes there may. */
    private void misplace(String ref) {
        scene.git("update-ref", ref, blob("no commit\n"));
    }

    @Test
    void aStateThatIsNoCommitIsMovedBackToWhereItWas() throws Exception {
        hold();
        String before = scene.git("rev-parse", STATE);
        misplace(STATE);

        assertThatThrownBy(() -> announce("app#1", "1")).hasMessageContaining("held");

        assertThat(scene.git("rev-parse", STATE)).isEqualTo(before);
    }

    @Test
    void aStateThatIsNoCommitAndThatNobodyRemembersBeginsAnewWhenItsRepairIsAskedFor() throws Exception {
        hold();
        misplace(STATE);
        Driver fresh = scene.driver("fresh");

        assertThatThrownBy(fresh::round)
                .hasMessageContaining("nobody knows what is held or rejected")
                .hasMessageContaining("sandbox/gitops repair");
        assertThat(scene.git("cat-file", "-t", STATE)).isEqualTo("blob");

        scene.answer(fresh, new RepairState("Ada"));
        SubmittedChange change = scene.announce(fresh, "app#1", "shop", "1");
        scene.report(fresh, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(change.sha());
        assertThat(scene.git("cat-file", "-t", STATE)).isEqualTo("commit");
    }

    @Test
    void notesThatAreNoCommitBeginAnewOrAreMovedBack() throws Exception {
        misplace("refs/notes/gitops-waves");
        SubmittedChange first = announce("app#1", "1");
        scene.report(driver, first.sha(), CheckState.SUCCESS);
        String notes = scene.git("rev-parse", "refs/notes/gitops-waves");
        misplace("refs/notes/gitops-waves");
        SubmittedChange second = announce("app#2", "2");
        scene.report(driver, second.sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(second.sha());
        assertThat(scene.git("rev-parse", "refs/notes/gitops-waves^")).isEqualTo(notes);
    }
}
