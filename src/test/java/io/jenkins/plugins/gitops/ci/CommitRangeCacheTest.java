package io.jenkins.plugins.gitops.ci;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommitRangeCacheTest {

    private static final String FROM = "1".repeat(40);
    private static final String TO = "2".repeat(40);
    private static final CommitRange RANGE =
            CommitRange.of(List.of(new CommitRange.Commit(TO, "Fix it", "Ann", Instant.EPOCH)), 1, false);

    private Instant now = Instant.parse("2026-11-24T08:00:00Z");
    private final List<CompletableFuture<CommitRange>> requests = new ArrayList<>();
    private final CommitRangeCache cache = new CommitRangeCache(
            (from, to) -> {
                var answer = new CompletableFuture<CommitRange>();
                requests.add(answer);
                return answer;
            },
            new Clock() {
                @Override
                public ZoneOffset getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(java.time.ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return now;
                }
            });

    @Test
    void aPairIsReadOnceHoweverOftenItIsShown() {
        assertThat(cache.find(FROM, TO)).isEmpty();
        assertThat(cache.find(FROM, TO)).isEmpty();
        requests.get(0).complete(RANGE);

        assertThat(cache.find(FROM, TO)).contains(RANGE);
        now = now.plus(Duration.ofDays(30));
        assertThat(cache.find(FROM, TO)).contains(RANGE);
        assertThat(requests).hasSize(1);
    }

    @Test
    void aPairThatCouldNotBeReadIsReadAgainAfterSomeMinutes() {
        CompletableFuture<CommitRange> first = cache.read(FROM, TO);
        requests.get(0).completeExceptionally(new ForgeUnavailable("The forge sleeps."));

        assertThat(first.join()).isEqualTo(CommitRange.unknown("The forge sleeps."));
        now = now.plus(Duration.ofMinutes(4));
        assertThat(cache.find(FROM, TO)).contains(CommitRange.unknown("The forge sleeps."));
        now = now.plus(Duration.ofMinutes(1));
        assertThat(cache.find(FROM, TO)).isEmpty();
        requests.get(1).complete(RANGE);
        assertThat(cache.find(FROM, TO)).contains(RANGE);
    }

    @Test
    void theForgeIsAskedForFullCommitsOnly() {
        for (String other : List.of(
                "", "main", "../../users", FROM + "0", FROM.toUpperCase().replace('1', 'A'))) {
            assertThat(cache.find(other, TO).orElseThrow().problem()).isPresent();
            assertThat(cache.find(FROM, other).orElseThrow().problem()).isPresent();
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void whatIsNotShownAnyMoreIsForgotten() {
        IntStream.rangeClosed(1, 501).forEach(number -> cache.find(FROM, String.format("%040x", number)));

        cache.find(FROM, String.format("%040x", 501));
        cache.find(FROM, String.format("%040x", 2));
        assertThat(requests).hasSize(501);
        cache.find(FROM, String.format("%040x", 1));
        assertThat(requests).hasSize(502);
    }

    private static List<CommitRange.Commit> commits(int first, int last) {
        return IntStream.rangeClosed(Math.min(first, last), Math.max(first, last))
                .map(number -> first < last ? number : first + last - number)
                .mapToObj(number ->
                        new CommitRange.Commit("" + number, "Fix it", "Ann", Instant.EPOCH.plusSeconds(number)))
                .toList();
    }

    @Test
    void theNewestCommitsAreListedHoweverTheForgeOrdersThem() {
        CommitRange expected = new CommitRange(commits(40, 11), 40, false, Optional.empty());

        assertThat(CommitRange.of(commits(1, 40), 40, false)).isEqualTo(expected);
        assertThat(CommitRange.of(commits(40, 1), 40, false)).isEqualTo(expected);
        assertThat(CommitRange.of(commits(40, 1), 0, false))
                .as("at least those that are given")
                .isEqualTo(expected);
        assertThat(CommitRange.of(commits(1, 2), 500, true))
                .isEqualTo(new CommitRange(commits(2, 1), 500, true, Optional.empty()));
        assertThat(CommitRange.of(List.of(), 0, false))
                .isEqualTo(new CommitRange(List.of(), 0, false, Optional.empty()));
    }
}
