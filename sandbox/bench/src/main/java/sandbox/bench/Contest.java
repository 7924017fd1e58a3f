package sandbox.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Measures several ways to do one thing in turn, so that a machine whose speed drifts drifts for all of them alike.
 *
 * @param warmUps how often each is run first without being counted
 * @param runs how often each is run and counted
 */
record Contest(int warmUps, int runs) {

    private static final double NANOS_PER_MILLI = 1e6;

    /** One way to do it. */
    interface Way {
        /** Sets up one run; not counted. */
        void prepare() throws Exception;

        /** What is measured. */
        void run() throws Exception;
    }

    /** Measures; returns what each way took, in milliseconds and in the given order. */
    List<Spread> measure(List<? extends Way> ways) throws Exception {
        var taken = new double[ways.size()][runs];
        for (int run = -warmUps; run < runs; run++) {
            for (int way = 0; way < taken.length; way++) {
                double millis = measure(ways.get(way));
                if (run >= 0) {
                    taken[way][run] = millis;
                }
            }
        }
        var spreads = new ArrayList<Spread>();
        for (double[] measurements : taken) {
            spreads.add(Spread.of(measurements));
        }
        return spreads;
    }

    private static double measure(Way way) throws Exception {
        way.prepare();
        long start = System.nanoTime();
        way.run();
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }
}
