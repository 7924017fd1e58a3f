package sandbox.bench;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import sandbox.runner.GeneratorJob;
import sandbox.runner.Sandbox;

/**
 * Measures the replay of a queue whose files are generated again, by builds of a Jenkinsfile. Fails if it takes too long
 * beside the generator's own time, or if the generator is asked for more than has to be made.
 *
 * @param queue the number of queued changes
 * @param tree how long the generator takes for one tree
 * @param runs the number of measured runs
 * @param most the highest accepted ratio of the median to that of the generator, started for each tree by itself
 */
record RegenerateBenchmark(int queue, Duration tree, int runs, double most) implements Benchmark {

    private static final int SOURCES = 200;
    private static final int PATIENCE_SECONDS = 300;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String name() {
        return "regenerate";
    }

    @Override
    public String what() {
        return queue + " changes are generated again, " + tree.toMillis() + " ms each";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        Path generating = repository(folder.resolve("generating.git"));
        Path plain = repository(folder.resolve("plain.git"));
        String casc = """
                unclassified:
                  gitopsWaves:
                    repositories:
                """ + definition("generating", generating, "generator: {job: generate, timeout: 1m}")
                + definition("plain", plain, "onlyWhenDigestsChange: false");
        var log = new ByteArrayOutputStream();
        try (var sandbox = Sandbox.open(folder.resolve("home"), casc, Map.of())) {
            DriverRegistry.get().setGenerators(GeneratorJob.in(sandbox, "generate", """
                    node {
                        generateConfig {
                            sh 'sh generate'
                        }
                    }
                    """, log));
            var with = new Queue("generating", generating, log, append("generating"));
            var without = new Queue("plain", plain, log, append("plain"));
            measureInputs(with, results);
            measureOthers(with, without, results);
            measureEviction(with, results);
        }
    }

    private Path repository(Path folder) throws IOException {
        Path repository = BenchRepositories.create(folder, 0);
        try (var commit = new FastImport(repository)) {
            commit.commit(BenchRepositories.MAIN, BenchRepositories.MAIN + "^0", "Add sources", BenchImages.EPOCH + 1);
            commit.file("generated/all.yaml", "old\n");
            commit.file(
                    "generate",
                    "sleep " + tree.toMillis() / 1000.0 + "\nmkdir -p generated\n"
                            + "cat sources/* images/staging/tags.json >generated/all.yaml\n");
            for (int i = 0; i < SOURCES; i++) {
                commit.file("sources/" + i + ".yaml", BenchRepositories.manifest(i));
            }
        }
        return repository;
    }

    private static String definition(String name, Path repository, String more) {
        return """
                      - name: %s
                        url: %s
                        allowInsecure: true
                        allJobs: true
                        mainBranch: main
                        pollInterval: 1h
                        generatedPaths: ["generated/**", "made/**"]
                        checks: [{reported: {}}]
                        requiredChecks: [%s]
                        waves: [{name: %s}]
                        %s
                """.formatted(name, repository.toUri(), BenchRepositories.CHECK, BenchImages.WAVE, more)
                .indent(0);
    }

    /** Queues the changes; returns their ids, lowest first. */
    private List<String> append(String repository) throws Exception {
        List<CompletableFuture<SubmittedChange>> asked = new ArrayList<>();
        for (int i = 1; i <= queue; i++) {
            NewChange change = MeasuredEngine.change(i, BenchImages.SHOP.one(i));
            asked.add(DriverRegistry.get().submit(repository, new DriverRequest.AppendChange(change)));
        }
        var ids = new ArrayList<String>();
        for (CompletableFuture<SubmittedChange> each : asked) {
            ids.add(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS).id());
        }
        return ids;
    }

    /** Main moves in what the generator reads, so that everything is made again, by one build. */
    private void measureInputs(Queue changes, Consumer<BenchResult> results) throws Exception {
        double[] taken = new double[runs];
        double[] alone = new double[runs];
        for (int i = 0; i < runs; i++) {
            taken[i] = changes.replay("sources/new-" + i + ".yaml");
            changes.expect("trees", queue, "Generating for commit");
            changes.expect("builds", 1, "nothing more is wanted");
            alone[i] = changes.generateAlone(queue);
        }
        results.accept(beside("regenerate", RunSpread.of(taken), RunSpread.of(alone)));
    }

    private BenchResult beside(String name, RunSpread ours, RunSpread alone) {
        if (ours.median() > most * alone.median()) {
            throw new IllegalStateException(name + " takes " + ours.median()
                    + " ms, and the generator alone takes only " + alone.median() + " ms of that.");
        }
        return new BenchResult(name, parameters(), "ms", ours).beside("generator alone", alone);
    }

    private TreeMap<String, Integer> parameters() {
        return new TreeMap<>(Map.of("queue", queue, "tree", Math.toIntExact(tree.toMillis())));
    }

    /** Main moves in something else, which asks nobody: beside a repository without a generator. */
    private void measureOthers(Queue changes, Queue plain, Consumer<BenchResult> results) throws Exception {
        double[] with = new double[runs];
        double[] without = new double[runs];
        for (int i = 0; i < runs; i++) {
            with[i] = changes.replay("made/other-" + i + ".yaml");
            without[i] = plain.replay("made/other-" + i + ".yaml");
        }
        changes.expect("trees", 0, "Generating for");
        results.accept(new BenchResult("regenerate-nothing", parameters(), "ms", RunSpread.of(with))
                .beside("no generator", RunSpread.of(without)));
    }

    /**
     * The lowest change is evicted: what stands above it is made again, up to the next change of the same service, from
     * which on the trees are those that were there before.
     */
    private void measureEviction(Queue changes, Consumer<BenchResult> results) throws Exception {
        int different = Math.min(queue, BenchImages.SHOP.services()) - 1;
        double taken = changes.evictLowest();
        changes.expect("trees", different, "Generating for commit");
        results.accept(beside("regenerate-evict", RunSpread.of(taken), RunSpread.of(changes.generateAlone(different))));
    }

    /** The queued changes of one repository. */
    private static final class Queue {
        private final String repository;
        private final Path bare;
        private final ByteArrayOutputStream log;
        private final List<String> ids;

        Queue(String repository, Path bare, ByteArrayOutputStream log, List<String> ids) {
            this.repository = repository;
            this.bare = bare;
            this.log = log;
            this.ids = ids;
        }

        private interface Cause {
            void happen() throws Exception;
        }

        /** Somebody pushes a file to main; returns the milliseconds until the whole queue stands on that. */
        double replay(String file) throws Exception {
            return measure(
                    () -> {
                        try (var commit = new FastImport(bare)) {
                            commit.commit(
                                    BenchRepositories.MAIN, BenchRepositories.MAIN + "^0", file, BenchImages.EPOCH + 2);
                            commit.file(file, "new\n");
                        }
                    },
                    () -> DriverRegistry.get().pollNow(repository));
        }

        /** The milliseconds that the generator takes for so many trees, started in a checkout of main by itself. */
        double generateAlone(int trees) throws Exception {
            Path checkout = bare.resolveSibling("checkout");
            GitCli.run(bare, "worktree", "prune");
            GitCli.run(bare, "worktree", "add", "--quiet", "--force", "--detach", checkout.toString(), "main");
            long begun = System.nanoTime();
            for (int i = 0; i < trees; i++) {
                GitShell.run(checkout, Map.of(), "sh generate");
            }
            double taken = (System.nanoTime() - begun) / NANOS_PER_MILLI;
            GitCli.run(bare, "worktree", "remove", "--force", checkout.toString());
            return taken;
        }

        double evictLowest() throws Exception {
            return measure(
                    () -> {},
                    () -> DriverRegistry.get()
                            .submit(repository, new DriverRequest.EvictChange(ids.get(0), "to be measured")));
        }

        /** The milliseconds from a cause, after a preparation, until the top of the queue has another commit. */
        private double measure(Cause preparation, Cause cause) throws Exception {
            log.reset();
            String top = ids.get(ids.size() - 1);
            var first = new CompletableFuture<String>();
            var rewritten = new CompletableFuture<Void>();
            try (Subscription following = DriverRegistry.get().followChange(repository, top, status -> {
                if (!first.complete(status.sha()) && !status.sha().equals(first.join())) {
                    rewritten.complete(null);
                }
            })) {
                first.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                preparation.happen();
                long begun = System.nanoTime();
                cause.happen();
                rewritten.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return (System.nanoTime() - begun) / NANOS_PER_MILLI;
            }
        }

        /** Fails unless the log of the generator has a text so many times. */
        void expect(String what, int times, String text) throws InterruptedException {
            long found = count(text);
            // The build ends a moment after the answer that the driver has waited for.
            for (int i = 0; i < 100 && found < times; i++) {
                Thread.sleep(50);
                found = count(text);
            }
            if (found != times) {
                throw new IllegalStateException(
                        "The generator has made " + found + " " + what + " instead of " + times + ".");
            }
        }

        private long count(String text) {
            String[] lines = log.toString(StandardCharsets.UTF_8).split("\n");
            return IntStream.range(0, lines.length)
                    // Now and then a tree is made twice, to compare the results.
                    .filter(i -> lines[i].contains(text) && !lines[i].contains(", again"))
                    .count();
        }
    }
}
