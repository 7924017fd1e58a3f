package sandbox.bench;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Measures the time from a change in a wave until each waiting build is notified. */
final class NotificationLatency {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final int SECONDS_TO_HEAR = 60;

    private final List<Double> taken = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch ready;
    private volatile Expected expected = new Expected(-1, 0, 0, new CountDownLatch(0));

    /**
     * The number of unwell targets of a wave that the builds wait to see, and the time of the change, in
     * nanoseconds.
     */
    private record Expected(int wave, long unwell, long since, CountDownLatch latch) {}

    NotificationLatency(int builds) {
        ready = new CountDownLatch(builds);
    }

    Consumer<Rollout> of(int wave) {
        var isReady = new AtomicBoolean();
        return rollout -> {
            Expected now = expected;
            if (!rollout.targets().isEmpty()
                    && rollout.targets().stream().allMatch(target -> target.state() == State.DEPLOYED)
                    && isReady.compareAndSet(false, true)) {
                ready.countDown();
            }
            long unwell = rollout.targets().stream()
                    .filter(target -> target.state().isUnwell())
                    .count();
            if (wave == now.wave() && unwell == now.unwell()) {
                taken.add((System.nanoTime() - now.since()) / NANOS_PER_MILLI);
                now.latch().countDown();
            }
        };
    }

    void begin() throws InterruptedException {
        await(ready);
    }

    void hear(int wave, long unwell, int builds, Runnable change) throws InterruptedException {
        var latch = new CountDownLatch(builds);
        expected = new Expected(wave, unwell, System.nanoTime(), latch);
        change.run();
        await(latch);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(SECONDS_TO_HEAR, TimeUnit.SECONDS)) {
            throw new IllegalStateException(latch.getCount() + " builds have heard nothing.");
        }
    }

    /** The spread of the fastest 99 % of the notifications. */
    RunSpread most() {
        double[] sorted =
                taken.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return RunSpread.of(Arrays.copyOf(sorted, Math.max(1, sorted.length * 99 / 100)));
    }
}
