package sandbox.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Measures several approaches to one task in turn, so that changes of the speed of the machine affect all of them.
 *
 * @param warmUps the number of uncounted runs of approaches in this process, for the JIT compiler; at most two for
 *     others
 * @param runs the number of counted runs of each approach
 */
record PairedMeasurement(int warmUps, int runs) {

    private static final double NANOS_PER_MILLI = 1e6;

    /** One approach to the measured task. */
    interface Approach {
        /** Prepares one run; not measured. */
        void prepare() throws Exception;

        /** What is measured. */
        void run() throws Exception;

        /** Whether the approach runs in separate processes, which warm up nothing but the file cache of the system. */
        default boolean inOwnProcesses() {
            return false;
        }
    }

    /** Measures all approaches; returns their times in milliseconds, in the given order. */
    List<RunSpread> measure(List<? extends Approach> ways) throws Exception {
        var taken = new double[ways.size()][runs];
        for (Approach way : ways) {
            for (int run = 0; run < (way.inOwnProcesses() ? Math.min(warmUps, 2) : warmUps); run++) {
                measure(way);
            }
        }
        for (int run = 0; run < runs; run++) {
            for (int way = 0; way < taken.length; way++) {
                taken[way][run] = measure(ways.get(way));
            }
        }
        var spreads = new ArrayList<RunSpread>();
        for (double[] measurements : taken) {
            spreads.add(RunSpread.of(measurements));
        }
        return spreads;
    }

    private static double measure(Approach way) throws Exception {
        way.prepare();
        long start = System.nanoTime();
        way.run();
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }
}
