package sandbox.bench;

import java.util.Arrays;

/**
 * The spread of several measurements of one figure.
 *
 * @param min the lowest
 * @param median the middle one, or the mean of the two in the middle
 * @param max the highest
 */
record RunSpread(double min, double median, double max) {

    /** Returns the spread of at least one measurement. */
    static RunSpread of(double... measurements) {
        double[] sorted = measurements.clone();
        Arrays.sort(sorted);
        int upper = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2;
        return new RunSpread(sorted[0], median, sorted[sorted.length - 1]);
    }
}
