package io.jenkins.plugins.gitops.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Delays grow from the first to the longest and begin anew after a success. */
class BackoffTest {

    @Test
    void eachDelayIsTwiceTheOneBeforeUpToTheLongest() {
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5));

        assertThat(backoff.last()).isZero();
        assertThat(backoff.next()).hasSeconds(1);
        assertThat(backoff.next()).hasSeconds(2);
        assertThat(backoff.next()).hasSeconds(4);
        assertThat(backoff.next()).hasSeconds(5);
        assertThat(backoff.last()).hasSeconds(5);

        backoff.reset();
        assertThat(backoff.last()).isZero();
        assertThat(backoff.next()).hasSeconds(1);
    }

    @Test
    void theLongestMayChange() {
        var longest = new AtomicReference<>(Duration.ofMinutes(1));
        var backoff = new Backoff(Duration.ofSeconds(5), 4, longest::get);

        assertThat(backoff.next()).hasSeconds(5);
        assertThat(backoff.next()).hasSeconds(20);
        longest.set(Duration.ofSeconds(30));
        assertThat(backoff.next()).hasSeconds(30);
    }

    @Property(tries = 200)
    void jitterAddsATenthAtMost(@ForAll @LongRange(min = 0, max = 1_000_000) long millis) {
        assertThat(Backoff.jittered(Duration.ofMillis(millis)))
                .isBetween(Duration.ofMillis(millis), Duration.ofMillis(millis + millis / 10));
    }
}
