package sandbox.bench;

import java.nio.file.Path;
import java.util.function.Consumer;

/** One benchmark. */
interface Benchmark {

    /** Returns its name on the command line. */
    String name();

    /** Returns what is measured, in one line. */
    String what();

    /**
     * Runs the benchmark.
     *
     * @param folder an empty folder to work in
     * @param results receives each result when it is available
     */
    void run(Path folder, Consumer<BenchResult> results) throws Exception;
}
