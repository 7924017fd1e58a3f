package sandbox.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Measures several ways to do one thing in turn, so that a machine whose speed drifts drifts for all of them alike.
 *
 * @param warmUps how often what runs in this process is run first without being counted, until it is compiled
 * @param runs how often each is run and counted
 */
record PairedMeasurement(int warmUps, int runs) {

    private static final double NANOS_PER_MILLI = 1e6;

    /** One way of doing what is measured. */
    interface Approach {
        /** Sets up one run; not counted. */
        void prepare() throws Exception;

        /** What is measured. */
        void run() throws Exception;

        /** Whether it runs in processes of its own, which have nothing to warm up but the system's file cache. */
        default boolean inOwnProcesses() {
            return false;
        }
    }

    /** Measures; returns what each way took, in milliseconds and in the given order. */
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
