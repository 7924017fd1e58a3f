package sandbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ArrayList;

/** Runs benchmarks: {@code sandbox/gitops bench [NAME...] [--json]}. */
public final class Bench {

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        List<Benchmark> all = List.of(new CommitBenchmark(List.of(1000, 10_000, 100_000), new Contest(5, 11)),
                new EvictBenchmark(10_000, List.of(10, 50, 200), new Contest(3, 7)), new AlignBenchmark(10_000, 50, 20, new Contest(3, 7)), new DedupeBenchmark(100_000, new Contest(3, 9)));
        var names = new ArrayList<>(List.of(arguments));
        boolean json = names.remove("--json");
        Path folder = Files.createTempDirectory("gitops-bench");
        for (Benchmark b : all) {
            if (names.isEmpty() || names.contains(b.name())) {
                b.run(Files.createDirectory(folder.resolve(b.name())), r -> System.out.println(json ? r.toJson() : r.toText()));
            }
        }
        Shell.run(folder, java.util.Map.of(), "rm -rf \"$PWD\"");
    }
}
