package sandbox.bench;

import hudson.model.Run;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.WaitForCiAndMergeStep;
import io.jenkins.plugins.gitops.webhooks.EndpointRouter;
import io.jenkins.plugins.gitops.webhooks.WebRequest;
import io.jenkins.plugins.gitops.webhooks.WebResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import jenkins.model.SandboxHome;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Measures the time from the delivery of a verdict until the builds that wait for it continue, with a real repository:
 * the driver stores the verdict, moves main, and notifies the steps.
 *
 * @param steps the number of waiting steps
 * @param warmUps the number of rounds before the measured ones
 * @param rounds the number of measured rounds
 */
record WakeBenchmark(int steps, int warmUps, int rounds) implements Benchmark {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final int PATIENCE_SECONDS = 120;
    private static final int PERCENT = 99;

    @Override
    public String name() {
        return "wake";
    }

    @Override
    public String what() {
        return "from a delivered verdict until 99 % of " + steps + " builds that wait go on";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        Path repository = BenchRepositories.create(folder.resolve("cfg-app.git"), 0);
        try (var home = SandboxHome.open(folder.resolve("home"))) {
            try {
                HookedRepository.configure(repository);
                EndpointRouter endpoints = new EndpointRouter((named, announced) -> 0);
                double[] taken = new double[rounds];
                for (int round = -warmUps; round < rounds; round++) {
                    double millis = round(endpoints, warmUps + round + 1);
                    if (round >= 0) {
                        taken[round] = millis;
                    }
                }
                results.accept(new BenchResult(name(), Map.of("steps", steps), "ms", RunSpread.of(taken)));
            } finally {
                new DriverRegistry.Lifecycle().onBeforeShutdown();
            }
        }
    }

    /** Counts the steps that resume, and records the time of each. */
    private static final class ResumeTimes extends CountDownLatch {
        private final long[] moments;
        private final AtomicInteger next = new AtomicInteger();

        ResumeTimes(int count) {
            super(count);
            this.moments = new long[count];
        }

        @Override
        public void countDown() {
            moments[next.getAndIncrement()] = System.nanoTime();
            super.countDown();
        }
    }

    /** Runs one round; returns the milliseconds after which 99 % of the steps have resumed. */
    private double round(EndpointRouter endpoints, int number) throws Exception {
        SubmittedChange change = DriverRegistry.get()
                .submit(
                        "cfg-app",
                        new DriverRequest.AppendChange(MeasuredEngine.change(number, BenchImages.SHOP.one(number))))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        var moments = new ResumeTimes(steps);
        var waiting = new ArrayList<StepExecution>();
        for (Run<?, ?> build : WaitingBuilds.make(steps)) {
            var step = new WaitForCiAndMergeStep();
            step.setCommit(change.id());
            StepExecution execution = step.start(new WaitingBuilds.Context(build, moments));
            execution.start();
            waiting.add(execution);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!waiting.stream().allMatch(execution -> execution.getStatus().contains(HookedRepository.CHECK))) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Not all builds have come to wait in " + PATIENCE_SECONDS + " s.");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        long begun = System.nanoTime();
        deliver(endpoints, change.sha());
        if (!moments.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(moments.getCount() + " builds still wait.");
        }
        Arrays.sort(moments.moments);
        return (moments.moments[steps * PERCENT / 100 - 1] - begun) / NANOS_PER_MILLI;
    }

    private static void deliver(EndpointRouter endpoints, String sha) throws IOException {
        byte[] body = ("{\"sha\": \"" + sha + "\", \"context\": \"" + HookedRepository.CHECK
                        + "\", \"state\": \"success\", \"run\": 1}")
                .getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = Map.of("Authorization", "Bearer " + HookedRepository.REPORTERS);
        WebResponse answer = endpoints.answer(new WebRequest(
                "POST", "/status/cfg-app", null, headers::get, new ByteArrayInputStream(body), "127.0.0.1"));
        if (answer.status() != 202) {
            throw new IllegalStateException("The verdict was answered with: " + answer.body());
        }
    }
}
