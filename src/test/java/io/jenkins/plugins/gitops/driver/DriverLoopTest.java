package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ReadState;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RoundListener;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.RefNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who asks and who waits is answered; rounds run at once on the caller's thread, and time only where a test turns it. */
class DriverLoopTest extends DriverTestBase {

    private final List<Long> nextLooks = new ArrayList<>();
    private final List<Runnable> looks = new ArrayList<>();
    private final List<ChangeStatus> heard = new ArrayList<>();
    private final ScheduledExecutorService scheduler = mock(ScheduledExecutorService.class);
    private DriverLoop loop;

    @BeforeEach
    void begin() throws GitOpsException {
        when(scheduler.schedule(any(Runnable.class), anyLong(), eq(TimeUnit.MILLISECONDS)))
                .thenAnswer(call -> {
                    looks.add(call.getArgument(0));
                    nextLooks.add(call.getArgument(1));
                    return mock(ScheduledFuture.class);
                });
        loop = loopOf("jenkins", Runnable::run);
    }

    private DriverLoop loopOf(String controller, Executor rounds) throws GitOpsException {
        return new DriverLoop(scene.driver(controller), scene.clock, scheduler, rounds, Runnable::run);
    }

    @AfterEach
    void end() {
        loop.close();
    }

    private static RoundListener afterRound(Runnable action) {
        return new RoundListener() {
            @Override
            public void ended(RepositoryState found, Repository clone, ObjectId state) {
                action.run();
            }

            @Override
            public void mainRewritten(String sentence) {}

            @Override
            public void closed() {}
        };
    }

    private CheckReport green(String sha) {
        return new CheckReport(
                sha, new CheckStatus(RepositoryScene.CHECK, CheckState.SUCCESS, scene.clock.instant(), 1), "ci");
    }

    @Test
    void whoeverFollowsAChangeHearsEachStateOnce() {
        SubmittedChange change = loop.submit(
                        new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))))
                .join();
        loop.followChange(change.id(), heard::add);
        loop.wake();
        assertThat(heard)
                .extracting(ChangeStatus::reason)
                .containsExactly("Waiting for ci/check, which nobody has reported yet.");

        assertThat(loop.submit(new RecordReport(green(change.sha()))).join()).isTrue();

        assertThat(heard)
                .extracting(ChangeStatus::outcome)
                .containsExactly(Optional.empty(), Optional.of(Outcome.MERGED));
        assertThat(loop.state().orElseThrow().auto()).isEmpty();
    }

    @Test
    void aThousandFollowersCostNoMoreLooksThanOne() {
        SubmittedChange change = loop.submit(
                        new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))))
                .join();
        for (int i = 0; i < 1000; i++) {
            loop.followChange(change.sha(), heard::add);
        }
        nextLooks.clear();
        loop.wake();

        assertThat(nextLooks).as("one round, one next look").hasSize(1);
        assertThat(heard).hasSize(1000);
        assertThat(loop.followers(change.sha())).isEqualTo(1000);
    }

    /** Submits requests before a round begins; returns their answers after the rounds that follow. */
    private List<CompletableFuture<SubmittedChange>> appended(NewChange... changes) throws Exception {
        var rounds = new ArrayList<Runnable>();
        DriverLoop held = loopOf("another", rounds::add);
        List<CompletableFuture<SubmittedChange>> answers = Stream.of(changes)
                .map(change -> held.submit(new AppendChange(change)))
                .toList();
        CompletableFuture<RepositoryState> read = held.submit(new ReadState());
        for (int i = 0; i < rounds.size(); i++) {
            rounds.get(i).run();
        }
        held.close();
        assertThat(read).isDone();
        return answers;
    }

    @Test
    void aRequestAtWhichRoundsFailKeepsNoOtherFromItsAnswer() throws Exception {
        NewChange one = RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"));
        NewChange other = RepositoryScene.change("app#2", RepositoryScene.images("web", "v1"));

        List<CompletableFuture<SubmittedChange>> answers = appended(one, null, other);

        assertThat(answers.get(0).join().state()).isEqualTo(SubmittedChange.State.COMMITTED);
        assertThat(answers.get(1))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("The repository cfg-app cannot be driven: java.lang.NullPointerException");
        assertThat(answers.get(2).join().state()).isEqualTo(SubmittedChange.State.COMMITTED);
    }

    @Test
    void whereRoundsFailWithEachRequestAllFailSoon() throws Exception {
        List<CompletableFuture<SubmittedChange>> answers = appended(new NewChange[20]);

        assertThat(answers).hasSize(20).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void aChangeThatNobodyKnowsIsLost() {
        loop.followChange("00000000000000000000", heard::add);

        assertThat(heard).extracting(ChangeStatus::outcome).containsExactly(Optional.of(Outcome.LOST));
        assertThat(scene.refExists(RefNames.defaultState("main")))
                .as("nonsense is not written down")
                .isFalse();
    }

    @Test
    void aRepositoryThatCannotBeReachedFailsThoseWhoAskAndIsToldToThoseWhoWait() throws Exception {
        SubmittedChange change = loop.submit(
                        new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))))
                .join();
        try (Subscription following = loop.followChange(change.id(), heard::add)) {
            Path aside = scene.remote.resolveSibling("aside.git");
            Files.move(scene.remote, aside);

            var asked =
                    loop.submit(new AppendChange(RepositoryScene.change("app#2", RepositoryScene.images("api", "v2"))));
            assertThatThrownBy(asked::join).hasCauseInstanceOf(RepoUnavailable.class);
            assertThat(loop.trouble().orElseThrow()).contains("There is no git repository at");
            assertThat(heard.get(heard.size() - 1).reason())
                    .isEqualTo(loop.trouble().orElseThrow());
            assertThat(heard.get(heard.size() - 1).outcome()).isEmpty();

            Files.move(aside, scene.remote);
            loop.wake();
            assertThat(loop.trouble()).isEmpty();
            assertThat(heard.get(heard.size() - 1).reason()).startsWith("Waiting for");
        }
        int before = heard.size();
        loop.submit(new RecordReport(green(change.sha()))).join();
        assertThat(heard).as("who has closed hears nothing").hasSize(before);
    }

    @Test
    void anIdleRepositoryIsLookedAtEveryTenthInterval() {
        loop.wake();
        long idle = nextLooks.get(nextLooks.size() - 1);
        loop.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))))
                .join();
        long busy = nextLooks.get(nextLooks.size() - 1);

        assertThat(Duration.ofMillis(idle)).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
        assertThat(Duration.ofMillis(busy)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(66));
    }

    /** It is time to look. */
    private void look() {
        looks.get(looks.size() - 1).run();
    }

    @Test
    void aPushThatIsFoundBecauseItIsTimeToLookShouldHaveBeenToldOf() {
        var untold = new ArrayList<String>();
        loop.onMissedHook(() -> untold.add(scene.main()));
        loop.wake();
        look();
        assertThat(untold).as("nothing has happened").isEmpty();

        scene.byHand("README", "told of", "By hand");
        loop.pollNow();
        assertThat(untold).as("somebody told of it").isEmpty();

        scene.byHand("README", "not told of", "By hand");
        look();
        assertThat(untold).containsExactly(scene.main());
    }

    @Test
    void whatTheDriverItselfDoesNeedsNoTelling() {
        var untold = new ArrayList<String>();
        loop.onMissedHook(() -> untold.add(scene.main()));
        SubmittedChange change = loop.submit(
                        new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))))
                .join();
        look();
        loop.submit(new RecordReport(green(change.sha()))).join();
        look();

        assertThat(scene.main()).isEqualTo(change.sha());
        assertThat(untold).isEmpty();
    }

    @Test
    void aClosedLoopRefuses() {
        loop.close();

        assertThatThrownBy(() -> loop.submit(
                                new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))))
                        .join())
                .hasCauseInstanceOf(RepoUnavailable.class)
                .hasMessageContaining("no longer configured");
    }

    /** Otherwise both would work on one clone, which each would see damaged by the other. */
    @Test
    void aLoopThatReplacesAnotherRunsNoRoundBeforeTheRoundOfThatHasEnded() throws GitOpsException {
        var rounds = new ArrayList<Runnable>();
        var next = loopOf("next", rounds::add);
        next.startAfter(loop);
        loop.onRound(afterRound(() -> {
            loop.close();
            next.wake();
            assertThat(rounds).isEmpty();
            assertThat(loop.hasEnded()).isFalse();
        }));

        loop.wake();

        assertThat(loop.hasEnded()).isTrue();
        assertThat(rounds).hasSize(1);
        rounds.get(0).run();
        assertThat(next.state()).isPresent();
        next.close();
    }

    @Test
    void aLoopThatWasReplacedBeforeItsFirstRoundEndsAfterTheOneThatItWaitsFor() throws GitOpsException {
        var rounds = new ArrayList<Runnable>();
        var second = loopOf("second", rounds::add);
        var third = loopOf("third", rounds::add);
        second.startAfter(loop);
        third.startAfter(second);
        third.wake();

        second.close();
        assertThat(second.hasEnded()).as("the first has not").isFalse();
        assertThat(rounds).isEmpty();

        loop.close();
        assertThat(second.hasEnded()).isTrue();
        assertThat(rounds).hasSize(1);
        third.close();
        rounds.get(0).run();
        assertThat(third.state()).as("it was closed before its first round").isEmpty();
        assertThat(third.hasEnded()).isTrue();
    }

    /** A process that runs one build ends with it, when the last requests of the build are still to be done. */
    @Test
    void whatWasRequestedBeforeTheLoopIsClosedIsDone() throws GitOpsException {
        var rounds = new ArrayList<Runnable>();
        var closing = loopOf("closing", rounds::add);
        var answer =
                closing.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));

        closing.close();
        rounds.get(0).run();

        assertThat(answer.join().sha()).isNotEmpty();
        assertThat(closing.hasEnded()).isTrue();
    }

    /** Too deep a recursion ended the thread, and with it all later rounds. */
    @Test
    void anErrorFailsOneRoundAndNoOther() {
        var failing = new AtomicBoolean(true);
        loop.onRound(afterRound(() -> {
            if (failing.getAndSet(false)) {
                throw new StackOverflowError("made up");
            }
        }));

        loop.wake();
        assertThat(loop.trouble().orElseThrow()).contains("StackOverflowError: made up", "Jenkins' log");

        loop.wake();
        assertThat(loop.trouble()).isEmpty();
    }
}
