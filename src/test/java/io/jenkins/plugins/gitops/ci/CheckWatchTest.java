package io.jenkins.plugins.gitops.ci;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.CheckWatch.PollingPace;
import io.jenkins.plugins.gitops.ci.CheckWatch.WatchedCommit;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When sources are asked, by a clock that is turned. */
class CheckWatchTest {

    private static final PollingPace PACE = new PollingPace(Duration.ofMinutes(1), Duration.ofMinutes(10));

    private static final List<RequiredCheck> REQUIRED = List.of(new RequiredCheck("ci", "github", false, List.of()));

    private final ManualClock time = new ManualClock();
    private final List<Boolean> told = new ArrayList<>();
    private final Questions source = new Questions();
    private CheckWatch watch;

    /** A source that answers when the test wants it to. */
    private final class Questions implements StatusSource {

        private final List<String> asked = new ArrayList<>();
        private List<CheckResult> said = List.of();
        private Duration pause = Duration.ZERO;
        private ForgeUnavailable failure;
        private CompletableFuture<PollResult> held;

        @Override
        public String name() {
            return "github";
        }

        @Override
        public CompletableFuture<PollResult> fetch(String sha, Set<String> branches) {
            asked.add(sha);
            if (held != null) {
                return held;
            }
            return failure == null
                    ? CompletableFuture.completedFuture(new PollResult(said, pause))
                    : CompletableFuture.failedFuture(failure);
        }

        int askedNow() {
            int count = asked.size();
            asked.clear();
            return count;
        }
    }

    @BeforeEach
    void begin() {
        watch = new CheckWatch(List.of(source), REQUIRED, PACE, time, time.timer());
        watch.follow(told::add);
    }

    private static WatchedCommit tip(String sha) {
        return new WatchedCommit(sha, Set.of("auto"), true, true);
    }

    private static List<CheckResult> said(CheckState state) {
        return List.of(new CheckResult(new CheckStatus("ci", state, Instant.EPOCH, 1), 7));
    }

    private SourceResponse heard(String sha) throws Exception {
        return watch.known().get("github").of(sha);
    }

    @Test
    void aWantedCommitIsAskedForAtOnceAndThenOnceAnInterval() throws Exception {
        assertThat(heard("a").problem()).contains("github has not been asked about it yet.");
        for (int builds = 0; builds < 1000; builds++) {
            watch.watch(List.of(tip("a")));
        }
        assertThat(source.askedNow()).isEqualTo(1);
        assertThat(heard("a")).isEqualTo(SourceResponse.of(List.<CheckResult>of()));
        assertThat(told).containsExactly(false);

        time.turn(Duration.ofMinutes(30));
        assertThat(source.askedNow()).isEqualTo(30);
        assertThat(told).as("nothing new").hasSize(1);

        source.said = said(CheckState.SUCCESS);
        time.turn(Duration.ofMinutes(1));
        assertThat(heard("a").results()).isEqualTo(source.said);
        assertThat(told).containsExactly(false, false);
    }

    @Test
    void whatIsDecidedIsRememberedAndWhatIsNotWantedForgotten() throws Exception {
        source.said = said(CheckState.SUCCESS);
        watch.watch(List.of(tip("a"), tip("b")));
        watch.watch(List.of(new WatchedCommit("a", Set.of("auto"), true, false)));
        source.askedNow();
        time.turn(Duration.ofHours(1));

        assertThat(source.askedNow()).isZero();
        assertThat(heard("a").results()).hasSize(1);
        assertThat(heard("b").problem()).isPresent();
    }

    @Test
    void aCommitThatNobodyTestsIsAskedForSeldomAfterAWhile() {
        watch.watch(List.of(new WatchedCommit("a", Set.of("auto"), false, true)));
        source.askedNow();
        time.turn(Duration.ofMinutes(10));
        assertThat(source.askedNow()).isEqualTo(10);
        time.turn(Duration.ofMinutes(100));
        assertThat(source.askedNow()).isBetween(9, 10);

        watch.watch(List.of(new WatchedCommit("a", Set.of("auto-ci/1"), true, true)));
        assertThat(source.askedNow()).as("it is tested now").isEqualTo(1);
        time.turn(Duration.ofMinutes(10));
        assertThat(source.askedNow()).isEqualTo(10);
    }

    @Test
    void aHintIsFollowedAtOnceAndManyHintsOnlyNowAndThen() {
        watch.watch(List.of(tip("a")));
        source.askedNow();
        time.turn(Duration.ofSeconds(20));
        told.clear();
        source.said = said(CheckState.SUCCESS);

        watch.pollNow();
        assertThat(source.askedNow()).isEqualTo(1);
        assertThat(told).containsExactly(true);
        for (int hooks = 0; hooks < 100; hooks++) {
            watch.pollNow();
            time.turn(Duration.ofMillis(10));
        }
        assertThat(source.askedNow()).isBetween(1, 2);
        time.turn(Duration.ofMinutes(1));
        assertThat(source.askedNow()).as("the last of them is not lost").isBetween(1, 2);
    }

    @Test
    void aHintWhileItIsAskedHasItAskedOnceMore() {
        source.held = new CompletableFuture<>();
        watch.watch(List.of(tip("a")));
        watch.pollNow();
        watch.pollNow();
        assertThat(source.askedNow()).isEqualTo(1);

        CompletableFuture<StatusSource.PollResult> first = source.held;
        source.held = null;
        first.complete(new StatusSource.PollResult(List.of(), Duration.ZERO));
        time.turn(Duration.ofSeconds(1));
        assertThat(source.askedNow()).isEqualTo(1);
    }

    @Test
    void aHintForALongQueueAsksForItsUpperEndOnly() {
        watch.watch(IntStream.range(0, 200)
                .mapToObj(i -> new WatchedCommit("" + i, Set.of("auto"), i == 199, true))
                .toList());
        assertThat(source.askedNow()).isEqualTo(200);
        time.turn(Duration.ofSeconds(20));

        watch.pollNow();
        assertThat(source.asked).contains("199");
        assertThat(source.askedNow()).isEqualTo(25);
    }

    @Test
    void littleIsAskedWhereLittleIsGranted() {
        source.pause = Duration.ofSeconds(30);
        watch.watch(List.of(tip("a"), tip("b"), tip("c"), tip("d")));
        time.turn(Duration.ofMinutes(1));
        source.askedNow();
        time.turn(Duration.ofMinutes(20));

        assertThat(source.askedNow()).as("one in 30 seconds").isBetween(39, 41);
    }

    @Test
    void aFailingSourceIsAskedForOneCommitEverMoreSeldom() throws Exception {
        source.failure = new ForgeUnavailable("GitHub is down.");
        watch.watch(List.of(tip("a"), tip("b"), tip("c")));
        assertThat(source.askedNow()).isEqualTo(3);
        assertThat(heard("a")).isEqualTo(SourceResponse.failed("GitHub is down."));

        time.turn(Duration.ofHours(1));
        assertThat(source.askedNow()).isBetween(8, 20);
        source.failure = null;
        time.turn(Duration.ofMinutes(10));
        assertThat(List.of(heard("a"), heard("b"), heard("c")))
                .allMatch(heard -> heard.problem().isEmpty());
        source.askedNow();
        time.turn(Duration.ofMinutes(10));
        assertThat(source.askedNow()).isEqualTo(30);
    }

    @Test
    void aSourceThatWantsRestGetsIt() throws Exception {
        source.failure = new ForgeUnavailable("GitHub wants rest.", Duration.ofMinutes(50), null);
        watch.watch(List.of(tip("a")));
        source.askedNow();
        source.failure = null;
        for (int minutes = 0; minutes < 49; minutes++) {
            watch.pollNow();
            time.turn(Duration.ofMinutes(1));
        }
        assertThat(source.askedNow()).isZero();
        time.turn(Duration.ofMinutes(2));
        assertThat(source.askedNow()).isPositive();
        assertThat(heard("a").problem()).isEmpty();
    }

    @Test
    void aHintWakesASourceThatHasOnlyFailed() throws Exception {
        source.failure = new ForgeUnavailable("GitHub is down.");
        watch.watch(List.of(tip("a")));
        time.turn(Duration.ofHours(1));
        source.failure = null;

        watch.pollNow();
        assertThat(heard("a").problem()).isEmpty();
    }

    @Test
    void whatIsKnownCanBeMadeRecent() {
        watch.watch(List.of(tip("a")));
        Instant asked = time.instant();
        assertThat(watch.isKnownSince("a", asked)).isTrue();
        source.askedNow();
        time.turn(Duration.ofSeconds(20));

        told.clear();
        assertThat(watch.isKnownSince("a", time.instant())).isFalse();
        assertThat(source.askedNow()).isEqualTo(1);
        assertThat(told).as("somebody waits for it, though nothing is new").hasSize(1);
        assertThat(watch.isKnownSince("a", time.instant())).isTrue();
        assertThat(watch.isKnownSince("unknown", time.instant())).isTrue();
    }

    @Test
    void aClosedWatchAsksNothing() {
        watch.watch(List.of(tip("a")));
        watch.close();
        source.askedNow();
        watch.watch(List.of(tip("b")));
        watch.pollNow();
        time.turn(Duration.ofHours(1));

        assertThat(source.askedNow()).isZero();
    }

    @Test
    void aSourceThatNoRequiredCheckNamesIsNotAsked() {
        watch = new CheckWatch(List.of(source), List.of(), PACE, time, time.timer());
        watch.watch(List.of(tip("a")));

        assertThat(source.askedNow()).isZero();
        assertThat(watch.known()).isEmpty();
    }

    @Test
    void aSourceThatThrowsIsSaid() throws Exception {
        var broken = new StatusSource() {
            @Override
            public String name() {
                return "github";
            }

            @Override
            public CompletableFuture<PollResult> fetch(String sha, Set<String> branches) {
                throw new IllegalStateException("secret");
            }
        };
        watch = new CheckWatch(List.of(broken), REQUIRED, PACE, time, time.timer());
        watch.watch(List.of(tip("a")));

        assertThat(heard("a").problem().orElseThrow())
                .contains("github cannot be asked")
                .doesNotContain("secret");
    }

    private static WatchedCommit closed(String sha) {
        return new WatchedCommit(sha, Set.of("auto"), true, false);
    }

    @Test
    void aCommitThatIsWaitedForAgainIsAskedForAtOnce() {
        watch.watch(List.of(new WatchedCommit("a", Set.of("auto"), false, true)));
        watch.watch(List.of(new WatchedCommit("a", Set.of("auto"), false, false)));
        time.turn(Duration.ofSeconds(10));
        assertThat(source.askedNow()).isEqualTo(1);

        watch.watch(List.of(new WatchedCommit("a", Set.of("auto"), false, true)));
        assertThat(source.askedNow()).isEqualTo(1);
    }

    @Test
    void whatIsDecidedTakesNoShareOfWhatIsGranted() {
        source.pause = Duration.ofSeconds(60);
        watch.watch(List.of(tip("a"), tip("b"), closed("c"), closed("d")));
        time.turn(Duration.ofMinutes(1));
        source.askedNow();
        time.turn(Duration.ofMinutes(20));

        assertThat(source.askedNow()).as("two, each in two minutes").isEqualTo(20);
    }

    @Test
    void aHintIsNotSpentOnWhatIsDecided() {
        watch.watch(List.of(tip("a")));
        time.turn(Duration.ofSeconds(20));
        var all = new ArrayList<>(List.of(tip("a")));
        IntStream.range(0, 30).forEach(i -> all.add(closed("" + i)));
        watch.watch(all);
        source.askedNow();

        watch.pollNow();
        assertThat(source.asked).containsExactly("a");
    }

    @Test
    void hintsForManyCommitsAreFollowedFartherApart() {
        watch.watch(IntStream.range(0, 25).mapToObj(i -> tip("" + i)).toList());
        assertThat(source.askedNow()).isEqualTo(25);

        watch.pollNow();
        time.turn(Duration.ofMillis(2999));
        assertThat(source.askedNow()).isZero();
        time.turn(Duration.ofMillis(1));
        assertThat(source.askedNow()).isEqualTo(25);
    }

    @Test
    void whileAFailingSourceIsTriedItIsAskedNothingElse() {
        source.failure = new ForgeUnavailable("GitHub is down.");
        watch.watch(List.of(tip("a"), tip("b")));
        source.held = new CompletableFuture<>();
        source.askedNow();
        time.turn(Duration.ofMinutes(1));
        assertThat(source.askedNow()).isEqualTo(1);

        watch.watch(List.of(tip("a"), tip("b"), tip("c")));
        watch.pollNow();
        time.turn(Duration.ofHours(1));
        assertThat(source.askedNow()).isZero();
    }

    @Test
    void whatIsAwaitedIsToldOnce() {
        watch.watch(List.of(tip("a")));
        time.turn(Duration.ofSeconds(20));
        watch.isKnownSince("a", time.instant());
        told.clear();
        time.turn(Duration.ofMinutes(10));

        assertThat(source.askedNow()).isEqualTo(12);
        assertThat(told).isEmpty();
    }

    @Test
    void aSourceThatIsBackIsAskedForWhatItOwesAndTriedSoonWhenItFailsAgain() {
        watch.watch(List.of(tip("a")));
        time.turn(Duration.ofSeconds(50));
        source.failure = new ForgeUnavailable("GitHub is down.");
        watch.watch(List.of(tip("a"), tip("b"), tip("c")));
        time.turn(Duration.ofSeconds(9));
        assertThat(source.askedNow()).isEqualTo(3);

        source.failure = null;
        time.turn(Duration.ofSeconds(1));
        assertThat(source.asked).as("a is due, and with it the others").containsExactly("a", "b", "c");
        source.failure = new ForgeUnavailable("GitHub is down again.");
        time.turn(Duration.ofMinutes(1));
        source.askedNow();
        watch.watch(List.of(tip("a"), tip("b"), tip("c"), tip("d")));
        time.turn(Duration.ofMillis(4999));
        assertThat(source.askedNow()).isZero();
        time.turn(Duration.ofMillis(1));
        assertThat(source.askedNow()).isEqualTo(1);
    }

    @Test
    void aClosedWatchKnowsNothingAndHasNoTimer() throws Exception {
        watch.watch(List.of(tip("a")));
        assertThat(time.untilNext()).isEqualTo(Duration.ofMinutes(1));
        watch.close();

        assertThat(time.untilNext()).isEqualTo(Duration.ofDays(1));
        assertThat(heard("a").problem()).contains("github has not been asked about it yet.");
    }

    /** A source to which statuses can be posted. */
    private static final class Forge implements StatusSource, StatusTarget {

        private final boolean enabled;
        private final List<String> posts = new ArrayList<>();
        private boolean closed;

        Forge(boolean enabled) {
            this.enabled = enabled;
        }

        @Override
        public String name() {
            return "gitea";
        }

        @Override
        public CompletableFuture<PollResult> fetch(String sha, Set<String> branches) {
            throw new AssertionError("no required check names the source");
        }

        @Override
        public boolean isEnabled() {
            return enabled;
        }

        @Override
        public CompletableFuture<Void> post(String sha, OutgoingStatus status) {
            posts.add(sha + " " + status.state());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static OutgoingStatus outgoing(CheckState state) {
        return new OutgoingStatus(state, "words", Optional.empty());
    }

    @Test
    void statusesArePostedToTheForgesThatWantThem() {
        var wanting = new Forge(true);
        var other = new Forge(false);
        watch = new CheckWatch(List.of(source, wanting, other), REQUIRED, PACE, time, time.timer());
        assertThat(watch.publishesStatuses()).isTrue();
        assertThat(watch.known()).containsOnlyKeys("github");
        watch.watch(List.of(tip("a")));

        watch.publishQueued(Map.of("a", outgoing(CheckState.PENDING)));
        watch.publishQueued(Map.of("b", outgoing(CheckState.PENDING)));
        watch.publishQueued(Map.of("c", outgoing(CheckState.PENDING)));
        watch.publishDecided(Map.of("a", outgoing(CheckState.SUCCESS)));
        time.turn(Duration.ofMinutes(1));
        assertThat(wanting.posts).as("b is queued no more").containsExactly("a pending", "c pending", "a success");
        assertThat(other.posts).isEmpty();

        watch.close();
        watch.publishDecided(Map.of("c", outgoing(CheckState.SUCCESS)));
        time.turn(Duration.ofMinutes(1));
        assertThat(wanting.posts).hasSize(3);
        assertThat(wanting.closed).isTrue();
    }

    @Test
    void withoutSourcesAllIsKnown() {
        CheckWatch none = CheckWatch.ofNothing();

        assertThat(none.known()).isEmpty();
        assertThat(none.publishesStatuses()).isFalse();
        assertThat(none.isKnownSince("a", time.instant())).isTrue();
    }
}
