package io.jenkins.plugins.gitops.runtime.executors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.jenkins.plugins.gitops.common.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BulkheadExecutorTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Runnable> deadlines = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger stuck = new AtomicInteger();
    private final List<String> givenUp = new ArrayList<>();
    private BulkheadExecutor calls;

    @BeforeEach
    void create() {
        var timer = mock(ScheduledExecutorService.class);
        when(timer.schedule(any(Runnable.class), anyLong(), any())).thenAnswer(call -> {
            deadlines.add(call.getArgument(0));
            return mock(ScheduledFuture.class);
        });
        calls = new BulkheadExecutor(2, 3, Duration.ofMinutes(15), threads, timer);
    }

    @AfterEach
    void release() {
        released.countDown();
        threads.shutdown();
    }

    /** A call that no interrupt ends. */
    private Subscription stuck(String key) {
        return calls.submit(key, this::hang, givenUp::add);
    }

    private void hang() {
        stuck.incrementAndGet();
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                // As reading a pipe of this machine takes no notice.
            }
        }
    }

    private void awaitStuck(int calls) {
        await().until(() -> stuck.get() == calls);
    }

    private CountDownLatch runs(String key) {
        var ran = new CountDownLatch(1);
        calls.submit(key, ran::countDown, givenUp::add);
        return ran;
    }

    private static void awaitRun(CountDownLatch ran) {
        await().until(() -> ran.getCount() == 0);
    }

    /** Whoever waits for a result would wait for ever, and ask no more, if a call were dropped in silence. */
    @Test
    void aResultThatIsGivenUpOrRefusedFails() {
        var first = calls.supply("server", () -> {
            hang();
            return "late";
        });
        awaitStuck(1);
        deadlines.get(0).run();
        assertThat(first).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("given up");

        for (int i = 2; i <= 3; i++) {
            Subscription call = stuck("server");
            awaitStuck(i);
            call.close();
        }
        assertThat(calls.supply("server", () -> "never"))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("have not returned yet");
        assertThat(calls.supply("other", () -> "answer")).succeedsWithin(Duration.ofSeconds(10));
        assertThat(calls.supply("other", () -> {
                    throw new IllegalStateException("no such secret");
                }))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("no such secret");
    }

    @Test
    void stuckCallsOfOneCompartmentTakeNoPlaceOfAnother() {
        for (int i = 0; i < 20; i++) {
            stuck("build 1");
        }

        awaitRun(runs("build 2"));

        assertThat(stuck).hasValue(2);
    }

    @Test
    void aCancelledCallFreesItsPlaceThoughItsThreadDoesNotReturn() {
        Subscription first = stuck("build");
        stuck("build");
        CountDownLatch waiting = runs("build");
        awaitStuck(2);
        assertThat(waiting.getCount()).isOne();

        first.close();

        awaitRun(waiting);
        assertThat(calls.abandoned()).isOne();
        assertThat(givenUp).isEmpty();
        released.countDown();
        await().until(() -> calls.abandoned() == 0);
    }

    @Test
    void aCallThatWaitsIsNotMadeOnceItIsCancelled() {
        stuck("build");
        stuck("build");
        awaitStuck(2);
        var made = new AtomicInteger();
        Subscription waiting = calls.submit("build", made::incrementAndGet, givenUp::add);

        waiting.close();
        released.countDown();

        awaitRun(runs("build"));
        assertThat(made).hasValue(0);
    }

    @Test
    void aCallPastItsDeadlineIsInterruptedAndGivenUp() throws Exception {
        var interrupted = new CountDownLatch(1);
        calls.submit(
                "build",
                () -> {
                    try {
                        stuck.incrementAndGet();
                        released.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                },
                givenUp::add);
        awaitStuck(1);

        deadlines.get(0).run();

        interrupted.await();
        assertThat(givenUp).containsExactly("it has not answered within 15m");
        await().until(() -> calls.abandoned() == 0);
    }

    @Test
    void aCompartmentWithTooManyAbandonedThreadsTakesNoMoreCalls() {
        for (int i = 1; i <= 3; i++) {
            Subscription call = stuck("build");
            awaitStuck(i);
            call.close();
        }

        CountDownLatch refused = runs("build");

        assertThat(givenUp).containsExactly("3 calls that were given up before have not returned yet");
        assertThat(refused.getCount()).isOne();
        awaitRun(runs("another"));
        released.countDown();
        await().until(() -> calls.abandoned() == 0);
        awaitRun(runs("build"));
    }

    @Test
    void aCallThatEndsItsOwnStepIsNotInterrupted() throws Exception {
        var handle = new Subscription[1];
        var begun = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var flag = new AtomicInteger();
        handle[0] = calls.submit(
                "build",
                () -> {
                    awaitRun(begun);
                    handle[0].close();
                    flag.set(Thread.currentThread().isInterrupted() ? 1 : 2);
                    ended.countDown();
                },
                givenUp::add);
        begun.countDown();

        ended.await();

        assertThat(flag).hasValue(2);
        await().until(() -> calls.abandoned() == 0);
    }

    @Test
    void aCallThatFailsFreesItsPlace() {
        for (int i = 0; i < 5; i++) {
            calls.submit(
                    "build",
                    () -> {
                        throw new IllegalStateException("made up");
                    },
                    givenUp::add);
        }

        awaitRun(runs("build"));
    }
}
