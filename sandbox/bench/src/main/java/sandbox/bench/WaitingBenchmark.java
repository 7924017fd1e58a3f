package sandbox.bench;

import hudson.model.Run;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.GitHubCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.WaitForCiAndMergeStep;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jenkins.model.SandboxHome;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Measures heap, threads, requests to the forge, and the time to the end of builds that wait for one change.
 *
 * @param steps the number of waiting builds
 * @param intervals the number of poll intervals, of one second each, in which requests are counted
 */
record WaitingBenchmark(int steps, int intervals) implements Benchmark {

    private static final double KILO = 1 << 10;

    /** The requests in one interval: one for the statuses and one for the check runs of the commit. */
    private static final int REQUESTS = 2;

    private static final int PATIENCE_SECONDS = 300;

    @Override
    public String name() {
        return "waiting";
    }

    @Override
    public String what() {
        return steps + " builds wait for one change";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        Path repository = BenchRepositories.create(folder.resolve("cfg-app.git"), 0);
        try (var home = SandboxHome.open(folder.resolve("home"));
                var forge = new CountingForge()) {
            try {
                measure(repository, forge, results);
            } finally {
                new DriverRegistry.Lifecycle().onBeforeShutdown();
            }
        }
    }

    private void measure(Path repository, CountingForge forge, Consumer<BenchResult> results) throws Exception {
        GitOpsWavesConfiguration.get().setRepositories(List.of(configured(repository, forge.url())));
        SubmittedChange change = DriverRegistry.get()
                .submit("cfg-app", new DriverRequest.AppendChange(MeasuredEngine.change(1, BenchImages.SHOP.one(1))))
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        List<Run<?, ?>> builds = WaitingBuilds.make(steps);
        double kept = HeapMeter.kept();
        int threads = threads();
        var ended = new CountDownLatch(steps);
        var waiting = new ArrayList<StepExecution>();
        for (Run<?, ?> build : builds) {
            var step = new WaitForCiAndMergeStep();
            step.setCommit(change.id());
            StepExecution execution = step.start(new WaitingBuilds.Context(build, ended));
            execution.start();
            waiting.add(execution);
        }
        until(() -> waiting.stream().allMatch(execution -> execution.getStatus().contains(CountingForge.CHECK)));
        Map<String, Integer> parameters = Map.of("steps", steps);
        results.accept(result("heap", parameters, "KB", (HeapMeter.kept() - kept) * KILO / steps));
        // The pool may have grown to its full size, which does not depend on the number of builds.
        int more = threads() - threads;
        if (more > steps / 10 + 20) {
            throw new IllegalStateException(more + " more threads are there since " + steps + " builds wait.");
        }
        results.accept(result("threads", parameters, "threads", threads()));
        results.accept(result("requests", parameters, "requests", requestsAnInterval(forge)));
        forge.turnGreen(change.sha());
        long begun = System.nanoTime();
        DriverRegistry.get().pollNow("cfg-app");
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(ended.getCount() + " builds still wait.");
        }
        results.accept(result("end", parameters, "ms", (System.nanoTime() - begun) / 1e6));
    }

    private static RepositoryDefinition configured(Path repository, String forge) {
        var checks = new GitHubCheckSource("acme/cfg-app");
        checks.setApiUrl(forge);
        checks.setAllowInsecure(true);
        var configured = new RepositoryDefinition("cfg-app", repository.toUri().toString());
        configured.setAllowInsecure(true);
        configured.setAllJobs(true);
        configured.setMainBranch("main");
        configured.setPollInterval("1s");
        configured.setChecks(List.of(checks));
        configured.setRequiredChecks(List.of(new RequiredCheckDefinition(CountingForge.CHECK)));
        return configured;
    }

    private double requestsAnInterval(CountingForge forge) throws InterruptedException {
        int before = forge.asked.get();
        TimeUnit.SECONDS.sleep(intervals);
        int asked = forge.asked.get() - before;
        // One more interval may have started.
        if (asked > REQUESTS * (intervals + 1)) {
            throw new IllegalStateException(
                    "In " + intervals + " intervals " + asked + " requests were made for one commit.");
        }
        return (double) asked / intervals;
    }

    private BenchResult result(String figure, Map<String, Integer> parameters, String unit, double value) {
        return new BenchResult(name() + "-" + figure, parameters, unit, RunSpread.of(value));
    }

    private interface Condition {
        boolean holds();
    }

    private static void until(Condition condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Not all builds have come to wait in " + PATIENCE_SECONDS + " s.");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
