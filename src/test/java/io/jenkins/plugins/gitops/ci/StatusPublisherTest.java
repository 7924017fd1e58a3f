package io.jenkins.plugins.gitops.ci;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When statuses are posted to a forge, by a clock that is turned. */
class StatusPublisherTest {

    private static final OutgoingStatus QUEUED = status(CheckState.PENDING, "It is queued.");
    private static final OutgoingStatus MERGED = status(CheckState.SUCCESS, "It was merged.");

    private final ManualClock time = new ManualClock();
    private final Forge forge = new Forge();
    private final StatusPublisher publisher = new StatusPublisher(forge, time.timer());

    /** A forge that answers at once, unless the test holds its answers back. */
    private final class Forge implements StatusTarget {

        /** Each post as {@code <seconds> <commit> <state>}. */
        private final List<String> posts = new ArrayList<>();

        private ForgeUnavailable failure;
        private CompletableFuture<Void> held;

        @Override
        public boolean isEnabled() {
            return true;
        }

        @Override
        public CompletableFuture<Void> post(String sha, OutgoingStatus status) {
            posts.add(time.elapsed().toSeconds() + " " + sha + " " + status.state());
            if (held != null) {
                return held;
            }
            return failure == null ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(failure);
        }
    }

    private static OutgoingStatus status(CheckState state, String description) {
        return new OutgoingStatus(state, description, Optional.empty());
    }

    private static Map<String, OutgoingStatus> each(int from, int to) {
        var statuses = new LinkedHashMap<String, OutgoingStatus>();
        IntStream.range(from, to).forEach(number -> statuses.put("c" + number, MERGED));
        return statuses;
    }

    private void post(String sha, OutgoingStatus status) {
        publisher.post(Map.of(sha, status));
    }

    private void turn(int seconds) {
        time.turn(Duration.ofSeconds(seconds));
    }

    @Test
    void aStatusIsPostedOnceAndAtMostOneInASecond() {
        post("a", QUEUED);
        post("b", QUEUED);
        post("a", QUEUED);
        post("c", QUEUED);
        turn(10);
        post("a", QUEUED);
        post("a", MERGED);

        assertThat(forge.posts).containsExactly("0 a pending", "1 b pending", "2 c pending", "10 a success");
    }

    @Test
    void whatIsNewsNoMoreIsNotPosted() {
        post("a", QUEUED);
        post("b", MERGED);
        post("c", QUEUED);
        post("d", QUEUED);
        post("a", MERGED);
        post("a", QUEUED);
        publisher.dropPending(Set.of("d"));
        turn(10);

        assertThat(forge.posts)
                .as("a is as it was posted, c is queued no more")
                .containsExactly("0 a pending", "1 b success", "2 d pending");
    }

    @Test
    void aStatusThatChangesWhileItIsPostedIsPostedOnceMore() {
        forge.held = new CompletableFuture<>();
        post("a", QUEUED);
        post("a", MERGED);
        assertThat(forge.posts).hasSize(1);
        CompletableFuture<Void> first = forge.held;
        forge.held = null;
        first.complete(null);
        turn(10);

        assertThat(forge.posts).containsExactly("0 a pending", "1 a success");
    }

    @Test
    void aForgeThatFailsIsTriedFourTimesForEachStatus() {
        forge.failure = new ForgeUnavailable("The forge sleeps.");
        post("a", MERGED);
        post("b", MERGED);
        turn(3600);
        assertThat(forge.posts)
                .containsExactly(
                        "0 a success",
                        "20 a success",
                        "100 a success",
                        "400 a success",
                        "405 b success",
                        "425 b success",
                        "505 b success",
                        "805 b success");

        forge.posts.clear();
        forge.failure = null;
        post("a", MERGED);
        assertThat(forge.posts).as("it was dropped, not posted").containsExactly("3600 a success");
    }

    @Test
    void aSuccessForgetsTheFailuresBeforeIt() {
        forge.failure = new ForgeUnavailable("The forge sleeps.");
        post("a", MERGED);
        turn(30);
        forge.failure = null;
        turn(100);
        forge.failure = new ForgeUnavailable("The forge sleeps.");
        post("b", MERGED);
        turn(3600);

        assertThat(forge.posts)
                .containsExactly(
                        "0 a success",
                        "20 a success",
                        "100 a success",
                        "130 b success",
                        "150 b success",
                        "230 b success",
                        "530 b success");
    }

    @Test
    void aForgeThatWantsALongerRestGetsIt() {
        forge.failure = new ForgeUnavailable("The forge wants rest.", Duration.ofSeconds(50), null);
        post("a", MERGED);
        turn(3600);

        assertThat(forge.posts)
                .as("50 seconds are longer than 20, and shorter than 80")
                .containsExactly("0 a success", "50 a success", "130 a success", "430 a success");
    }

    @Test
    void ofTooManyStatusesTheNewestArePosted() {
        forge.held = new CompletableFuture<>();
        post("a", MERGED);
        publisher.post(each(0, 600));
        CompletableFuture<Void> first = forge.held;
        forge.held = null;
        forge.posts.clear();
        first.complete(null);
        turn(1000);

        assertThat(forge.posts).hasSize(500).startsWith("1 c100 success").endsWith("500 c599 success");
    }

    @Test
    void twoThousandPostedStatusesAreRemembered() {
        for (int begin = 0; begin < 2000; begin += 500) {
            publisher.post(each(begin, begin + 500));
            turn(500);
        }
        post("c0", QUEUED);
        turn(1);
        post("c2000", MERGED);
        forge.posts.clear();
        turn(1);
        publisher.post(each(0, 3));
        turn(10);

        assertThat(forge.posts)
                .as("c1 was posted longest ago, and c0 was merged again")
                .containsExactly("2002 c0 success", "2003 c1 success");
    }

    @Test
    void aClosedPublisherPostsNothingMore() {
        forge.held = new CompletableFuture<>();
        post("a", MERGED);
        post("b", MERGED);
        publisher.close();
        forge.held.complete(null);
        post("c", MERGED);
        turn(3600);

        assertThat(forge.posts).containsExactly("0 a success");
    }
}
