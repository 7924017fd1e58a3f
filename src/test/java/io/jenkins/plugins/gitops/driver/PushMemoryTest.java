package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AcceptMain;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.driver.MemoryTransport.Move;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a driver pushed is remembered, whatever people do and wherever its process ends before the round does. */
class PushMemoryTest {

    /** The process ends. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** The server as one driver reaches it, with something that happens as soon as a push is accepted. */
    private final class Wire implements MemoryTransport.Remote {
        private Runnable afterPush = () -> {};

        @Override
        public MemoryRepository repository() {
            return scene.server.repository();
        }

        @Override
        public Map<String, ObjectId> refs(boolean push) {
            return scene.server.refs();
        }

        @Override
        public Map<String, String> update(Map<String, Move> moves) throws TransportException {
            Map<String, String> refusals = scene.server.update(moves);
            if (refusals.isEmpty()) {
                Runnable happens = afterPush;
                afterPush = () -> {};
                happens.run();
            }
            return refusals;
        }
    }

    private final MemoryScene scene = new MemoryScene();
    private final Wire wire = new Wire();
    private ObjectId begin;
    private Driver driver;
    private SubmittedChange change;

    @BeforeEach
    void begin() throws Exception {
        begin = scene.ref(SimulationLedger.MAIN);
        driver = scene.driver("jenkins", wire);
        change = append("app#1");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private SubmittedChange append(String order) throws RepoUnavailable {
        return scene.answer(
                driver, new AppendChange(RepositoryScene.change(order, RepositoryScene.images("api", order))));
    }

    private void green() throws RepoUnavailable {
        var status = new CheckStatus(
                RepositoryScene.CHECK,
                CheckState.SUCCESS,
                Optional.empty(),
                Optional.empty(),
                scene.clock.instant(),
                1);
        driver.submit(new RecordReport(new CheckReport(change.sha(), status, "ci")));
        driver.round();
    }

    private void rewindMain() {
        scene.server.set(SimulationLedger.MAIN, begin);
    }

    private void stops(Driver stopped) {
        assertThatThrownBy(stopped::round)
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageContainingAll("was rewritten", change.sha());
    }

    @Test
    void aMainThatIsRewoundRightAfterTheMergeIsNoticed() throws Exception {
        wire.afterPush = this::rewindMain;
        try {
            green();
        } catch (RepoUnavailable e) {
            assertThat(e).hasMessageContaining("was rewritten");
        }
        assertThat(scene.ref(SimulationLedger.MAIN)).isEqualTo(begin);
        stops(driver);
    }

    @Test
    void aMainThatIsRewoundIsNoticedAlsoIfTheProcessEndedRightAfterTheMerge() throws Exception {
        wire.afterPush = () -> {
            throw new Killed();
        };
        assertThatThrownBy(this::green).isInstanceOf(Killed.class);
        assertThat(scene.ref(SimulationLedger.MAIN).name()).isEqualTo(change.sha());
        rewindMain();

        Driver successor = scene.driver("jenkins", wire);
        stops(successor);
        Driver elsewhere = scene.driver("elsewhere");
        stops(elsewhere);

        assertThat(scene.answer(successor, new AcceptMain())).isTrue();
        successor.round();
        elsewhere.round();
        assertThat(scene.ref(SimulationLedger.MAIN))
                .as("what was taken away stays away")
                .isEqualTo(begin);
        assertThat(scene.ref(SimulationLedger.AUTO)).isEqualTo(begin);
    }

    @Test
    void aChangeWhoseBuildWasToldEndsAsLostIfSomebodyResetsAutoBeforeTheRoundHasEnded() throws Exception {
        // The next push of the round that tells the build is answered after somebody has reset auto.
        wire.afterPush = () -> scene.server.set(SimulationLedger.AUTO, begin);
        append("app#2");
        driver.round();
        driver.round();

        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.LOST);
    }

    @Test
    void aChangeWhoseBuildWasToldEndsAsLostIfSomebodyDeletesAutoAndMovesMain() throws Exception {
        wire.afterPush = () -> {
            scene.server.set(SimulationLedger.AUTO, ObjectId.zeroId());
            scene.server.set(SimulationLedger.MAIN, scene.commit(List.of(begin), Map.of("docs.md", "x"), "By hand\n"));
        };
        append("app#2");
        driver.round();
        driver.round();

        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.LOST);
    }

    private void hasEndedAsLost(Driver found) throws Exception {
        found.round();
        found.round();
        assertThat(found.status(change.id()).orElseThrow()).satisfies(status -> {
            assertThat(status.outcome()).contains(Outcome.LOST);
            assertThat(status.reason()).contains("vanished from auto");
        });
    }

    /** Where somebody moves the auto branch to: nowhere, back to main, or to a commit of their own. */
    static Stream<Function<PushMemoryTest, ObjectId>> places() {
        return Stream.of(
                test -> ObjectId.zeroId(),
                test -> test.begin,
                test -> test.scene.commit(List.of(test.begin), Map.of("docs.md", "x"), "By hand\n"));
    }

    @ParameterizedTest
    @MethodSource("places")
    void aChangeOfWhichOnlyALostCloneKnewEndsAsLost(Function<PushMemoryTest, ObjectId> place) throws Exception {
        scene.server.set(SimulationLedger.AUTO, place.apply(this));

        hasEndedAsLost(scene.driver("new clone"));
    }

    @ParameterizedTest
    @MethodSource("places")
    void aChangeThatAnotherControllerHasNotSeenEndsAsLost(Function<PushMemoryTest, ObjectId> place) throws Exception {
        Driver elsewhere = scene.driver("elsewhere");
        elsewhere.round();
        change = append("app#2");
        scene.server.set(SimulationLedger.AUTO, place.apply(this));

        hasEndedAsLost(elsewhere);
    }

    @ParameterizedTest
    @MethodSource("places")
    void aChangeOfAProcessThatEndedRightAfterThePushEndsAsLostAlsoIfItsCloneIsGone(
            Function<PushMemoryTest, ObjectId> place) throws Exception {
        wire.afterPush = () -> {
            throw new Killed();
        };
        var second = RepositoryScene.change("app#2", RepositoryScene.images("web", "v1"));
        assertThatThrownBy(() -> scene.answer(driver, new AppendChange(second))).isInstanceOf(Killed.class);
        scene.server.set(SimulationLedger.AUTO, place.apply(this));

        Driver found = scene.driver("new clone");
        hasEndedAsLost(found);
        assertThat(found.status(second.id()).orElseThrow().outcome()).contains(Outcome.LOST);
    }

    @Test
    void aChangeThatSomebodyMovedToMainHasNotEndedAsLost() throws Exception {
        scene.server.set(SimulationLedger.MAIN, ObjectId.fromString(change.sha()));
        scene.server.set(SimulationLedger.AUTO, ObjectId.zeroId());
        Driver found = scene.driver("new clone");
        found.round();

        assertThat(found.status(change.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
    }

    @Test
    void aChangeThatWasPushedBeforeTheProcessEndedAndThatSomebodyTookAwayIsAppendedAgain() throws Exception {
        wire.afterPush = () -> {
            throw new Killed();
        };
        var second = RepositoryScene.change("app#2", RepositoryScene.images("web", "v1"));
        assertThatThrownBy(() -> scene.answer(driver, new AppendChange(second))).isInstanceOf(Killed.class);
        scene.server.set(SimulationLedger.AUTO, begin);

        driver = scene.driver("jenkins", wire);
        SubmittedChange again = scene.answer(driver, new AppendChange(second));

        assertThat(scene.ref(SimulationLedger.AUTO).name()).isEqualTo(again.sha());
        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.LOST);
    }
}
