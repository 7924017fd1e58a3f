package sandbox.bench;

import hudson.FilePath;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.CommitConfigStep;
import io.jenkins.plugins.gitops.steps.RecordImageStep;
import io.jenkins.plugins.gitops.steps.ReportCiStatusStep;
import io.jenkins.plugins.gitops.steps.WaitForCiAndMergeStep;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jenkins.model.SandboxHome;
import org.jenkinsci.plugins.workflow.steps.Step;

/**
 * Measures how much stuck agents and git servers delay the builds of another repository: the time from {@code
 * commitConfig} to the end of {@code waitForCiAndMerge}, compared with the time before anything is stuck. Fails if the
 * ratio of the medians is too high.
 *
 * @param agents the number of steps that wait for agents that never answer, four in each build
 * @param servers the number of repositories on servers that accept connections and never answer
 * @param warmUps the number of rounds before the measured ones
 * @param rounds the number of measured rounds of each kind
 * @param most the highest accepted ratio of the median with stuck agents and servers to the median without
 */
record IsolationBenchmark(int agents, int servers, int warmUps, int rounds, double most) implements Benchmark {

    private static final String CHECK = "ci/check";
    private static final int STEPS_OF_A_BUILD = 4;
    private static final int PATIENCE_SECONDS = 120;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String name() {
        return "isolation";
    }

    @Override
    public String what() {
        return "from commit to merge while " + agents + " steps are stuck on agents and " + servers
                + " git servers never answer";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        Path repository = BenchRepositories.create(folder.resolve("cfg-app.git"), 0);
        var released = new CountDownLatch(1);
        var silent = new ArrayList<ServerSocket>();
        try (var home = SandboxHome.open(folder.resolve("home"))) {
            try {
                RepositoryDefinition healthy =
                        definition("cfg-app", repository.toUri().toString());
                GitOpsWavesConfiguration.get().setRepositories(List.of(healthy));
                new DriverRegistry.Lifecycle().onLoaded();
                int stuckBuilds = (agents + STEPS_OF_A_BUILD - 1) / STEPS_OF_A_BUILD;
                Iterator<Run<?, ?>> builds =
                        WaitingBuilds.make(warmUps + 2 * rounds + stuckBuilds).iterator();
                for (int i = 0; i < warmUps; i++) {
                    deliver(builds.next(), i);
                }
                RunSpread undisturbed = measure(builds, warmUps);
                var all = new ArrayList<>(List.of(healthy));
                for (int i = 0; i < servers; i++) {
                    var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                    silent.add(server);
                    String url = "http://127.0.0.1:" + server.getLocalPort() + "/cfg.git";
                    all.add(definition("silent-" + i, url));
                }
                GitOpsWavesConfiguration.get().setRepositories(all);
                blockAgents(builds, released);
                RunSpread disturbed = measure(builds, warmUps + rounds);
                results.accept(new BenchResult(
                                name(), new TreeMap<>(Map.of("agents", agents, "servers", servers)), "ms", disturbed)
                        .beside("undisturbed", undisturbed));
                if (disturbed.median() > most * undisturbed.median()) {
                    throw new IllegalStateException("Stuck agents and servers delay another repository: it takes "
                            + disturbed.median() + " ms instead of " + undisturbed.median() + " ms.");
                }
            } finally {
                released.countDown();
                for (ServerSocket server : silent) {
                    server.close();
                }
                new DriverRegistry.Lifecycle().onBeforeShutdown();
            }
        }
    }

    private static RepositoryDefinition definition(String name, String url) {
        var configured = new RepositoryDefinition(name, url);
        configured.setAllowInsecure(true);
        configured.setAllJobs(true);
        configured.setMainBranch("main");
        configured.setPollInterval("1h");
        configured.setChecks(List.of(new ReportedCheckSource()));
        configured.setRequiredChecks(List.of(new RequiredCheckDefinition(CHECK)));
        return configured;
    }

    private RunSpread measure(Iterator<Run<?, ?>> builds, int first) throws Exception {
        double[] taken = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long begun = System.nanoTime();
            deliver(builds.next(), first + i);
            taken[i] = (System.nanoTime() - begun) / NANOS_PER_MILLI;
        }
        return RunSpread.of(taken);
    }

    /** Commits an image, reports its check, and waits for the merge. */
    private static void deliver(Run<?, ?> build, int number) throws Exception {
        var commit = new CommitConfigStep();
        commit.setRepo("cfg-app");
        commit.setImages(BenchImages.SHOP.one(number).toJson());
        run(commit, build);
        String sha = DeliveryAction.of(build)
                .lastChange("cfg-app")
                .flatMap(change -> Optional.ofNullable(change.getSha()))
                .orElseThrow();
        var report = new ReportCiStatusStep(sha, CHECK, "success");
        report.setRepo("cfg-app");
        run(report, build);
        var wait = new WaitForCiAndMergeStep();
        wait.setRepo("cfg-app");
        run(wait, build);
    }

    private static void run(Step step, Run<?, ?> build) throws Exception {
        var ended = new CountDownLatch(1);
        step.start(new WaitingBuilds.Context(build, ended)).start();
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("A step has not ended in " + PATIENCE_SECONDS + " s.");
        }
    }

    /** Starts the steps that wait for agents, and waits until all do. */
    private void blockAgents(Iterator<Run<?, ?>> builds, CountDownLatch released) throws Exception {
        var stuck = new CountDownLatch(agents);
        Run<?, ?> build = null;
        for (int i = 0; i < agents; i++) {
            build = i % STEPS_OF_A_BUILD == 0 ? builds.next() : build;
            var record = new RecordImageStep();
            record.setService("shop");
            record.setImage("docker.example.com/shop");
            record.setTag("1");
            record.setMetadataFile("metadata.json");
            record.start(new SilentAgent(build, stuck, released)).start();
        }
        if (!stuck.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(stuck.getCount() + " steps do not wait for their agents.");
        }
    }

    /** A build whose agent never answers and ignores interrupts. */
    private static final class SilentAgent extends WaitingBuilds.Context {
        private static final long serialVersionUID = 1L;

        private final transient CountDownLatch stuck;
        private final transient CountDownLatch released;

        SilentAgent(Run<?, ?> build, CountDownLatch stuck, CountDownLatch released) {
            super(build, new CountDownLatch(1));
            this.stuck = stuck;
            this.released = released;
        }

        @Override
        public <T> T get(Class<T> key) {
            if (key == FilePath.class) {
                stuck.countDown();
                while (released.getCount() > 0) {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        // Ignored, as a blocking read from a pipe ignores it.
                    }
                }
            }
            return super.get(key);
        }

        @Override
        public void onFailure(Throwable failure) {
            // Expected: there is no workspace after the agent is released.
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
