package sandbox.bench;

import java.util.Arrays;

/**
 * What several runs of one measurement took.
 *
 * @param min the fastest
 * @param median the one in the middle, or the mean of the two in the middle
 */
record RunSpread(double min, double median, double max) {

    /** The spread of some measurements; there is at least one. */
    static RunSpread of(double... measurements) {
        double[] sorted = measurements.clone();
        Arrays.sort(sorted);
        int upper = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2;
        return new RunSpread(sorted[0], median, sorted[sorted.length - 1]);
    }
}
