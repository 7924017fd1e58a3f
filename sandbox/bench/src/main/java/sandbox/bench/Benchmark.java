package sandbox.bench;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Something that is measured. */
interface Benchmark {

    /** As it is called on the command line. */
    String name();

    /** What is measured, in one line. */
    String what();

    /**
     * Measures.
     *
     * @param folder an empty folder to work in
     * @param results takes each result when it is there
     */
    void run(Path folder, Consumer<BenchResult> results) throws Exception;
}
