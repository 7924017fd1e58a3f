package sandbox.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sandbox.browser.BigState;

/**
 * The command {@code sandbox/gitops bench [NAME...] [--json]}: measures the plugin, where possible next to the git
 * command line. Prints results to standard output and progress to standard error.
 */
public final class BenchCommand {

    private static final Duration LATENCY = Duration.ofMillis(20);
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 64;

    private final List<Benchmark> benchmarks;
    private final PrintStream out;
    private final PrintStream errors;

    BenchCommand(List<Benchmark> benchmarks, PrintStream out, PrintStream errors) {
        this.benchmarks = benchmarks;
        this.out = out;
        this.errors = errors;
    }

    /**
     * Runs benchmarks and exits.
     *
     * @param arguments the names of benchmarks, all if there are none, and {@code --json}
     */
    public static void main(String[] arguments) {
        List<Benchmark> benchmarks = List.of(
                new CommitBenchmark(
                        List.of(
                                RepositoryScale.of(1000, 40),
                                RepositoryScale.of(10_000, 40),
                                RepositoryScale.of(100_000, 40),
                                RepositoryScale.of(1000, 2000),
                                RepositoryScale.of(1000, 40).over(LATENCY),
                                RepositoryScale.of(1000, 2000).over(LATENCY)),
                        new PairedMeasurement(60, 15)),
                new EvictBenchmark(queues(10, 50, 200)),
                new AlignBenchmark(queues(10, 50), 20),
                new RegenerateBenchmark(50, Duration.ofMillis(200), 3, 1.2),
                new DedupeBenchmark(100_000, new PairedMeasurement(5, 15)),
                new ContendBenchmark(1000, 16, List.of(1, 2), new PairedMeasurement(10, 9)),
                new DigestsBenchmark(200, LATENCY, new PairedMeasurement(5, 15)),
                new WaitingBenchmark(10_000, 10),
                new WebhookBenchmark(20_000, 5, List.of(1, 100)),
                new WakeBenchmark(1000, 10, 15),
                new IsolationBenchmark(64, 8, 10, 15, 1.5),
                new EventsBenchmark(1000, Duration.ofMillis(200), 1.05, new PairedMeasurement(20, 60)),
                new GatesBenchmark(20, 500, 1000, new PairedMeasurement(20, 30)),
                new RolloutBenchmark(10, 1000, 500, 100),
                new FluxRolloutBenchmark(10, 1000, 500, 100),
                new StateBenchmark(new BigState(500, 10, 1000, 200, 5000), 300, new PairedMeasurement(20, 30)));
        System.exit(new BenchCommand(benchmarks, System.out, System.err).run(List.of(arguments)));
    }

    private static QueueBenchmark.Settings queues(Integer... lengths) {
        RepositoryScale scale = RepositoryScale.of(10_000, 40);
        return new QueueBenchmark.Settings(
                List.of(scale, scale.over(LATENCY)), List.of(lengths), new PairedMeasurement(40, 9));
    }

    /** Runs benchmarks; returns the exit code. */
    int run(List<String> arguments) {
        var names = new ArrayList<>(arguments);
        boolean json = names.remove("--json");
        for (String name : names) {
            if (benchmarks.stream().noneMatch(benchmark -> benchmark.name().equals(name))) {
                errors.println("sandbox/gitops bench: '" + name + "' is not known; there are "
                        + benchmarks.stream().map(Benchmark::name).collect(Collectors.joining(", ")) + ", and --json.");
                return WRONG_USAGE;
            }
        }
        Path folder = null;
        try {
            folder = Files.createTempDirectory("gitops-bench");
            for (Benchmark benchmark : benchmarks) {
                if (names.isEmpty() || names.contains(benchmark.name())) {
                    errors.println("Measuring " + benchmark.name() + ": " + benchmark.what() + " ...");
                    benchmark.run(
                            Files.createDirectory(folder.resolve(benchmark.name())),
                            result -> out.println(json ? result.toJson() : result.toText()));
                }
            }
            return 0;
        } catch (Exception e) {
            errors.println("sandbox/gitops bench: failed, with everything kept in " + folder + ".");
            e.printStackTrace(errors);
            folder = null;
            return FAILED;
        } finally {
            if (folder != null) {
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be removed.", e);
        }
    }
}
