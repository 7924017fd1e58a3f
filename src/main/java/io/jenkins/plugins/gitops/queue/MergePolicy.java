package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.ci.Verdict.Color;
import io.jenkins.plugins.gitops.git.RefNames;
import java.util.List;
import java.util.stream.IntStream;

/** Decides by the verdicts of the queue which commit is merged, which is evicted, and which ones CI has to test. */
public final class MergePolicy {

    /** A decision; commits are given by their index in the queue, oldest first. */
    public sealed interface Decision {
        /** Main moves to this commit: it is green, and no commit below it is red. */
        record Merge(int index) implements Decision {}

        /** This commit is evicted: it is red and its parent is green. */
        record Evict(int index) implements Decision {}

        /** This commit is red and commits below it are undecided: CI has to test some of them to find the red one. */
        record Bisect(int red, List<Integer> probes) implements Decision {}

        /** This commit is red, but main below it is not green, so that the cause may be main. */
        record MainInDoubt(int red) implements Decision {}

        /** Nothing is done until a verdict changes. */
        record Wait() implements Decision {}
    }

    private MergePolicy() {}

    /**
     * Decides for a queue.
     *
     * @param mayMerge false while the server refuses to move main; red commits are evicted nevertheless
     * @param main the verdict of the tip of main
     * @param line the verdicts of the queued commits, oldest first
     */
    public static Decision decide(boolean mayMerge, Color main, List<Color> line) {
        int red = line.indexOf(Color.RED);
        int green = line.subList(0, red < 0 ? line.size() : red).lastIndexOf(Color.GREEN);
        if (green >= 0 && mayMerge) {
            return new Decision.Merge(green);
        }
        if (red < 0) {
            return new Decision.Wait();
        }
        Color parent = red == 0 ? main : line.get(red - 1);
        if (parent == Color.GREEN) {
            return new Decision.Evict(red);
        }
        if (green < 0 && (red == 0 || main == Color.RED)) {
            return new Decision.MainInDoubt(red);
        }
        return new Decision.Bisect(red, probes(green, red));
    }

    /** Up to four commits that divide the interval between a green and a red commit into nearly equal parts. */
    private static List<Integer> probes(int green, int red) {
        int undecided = red - green - 1;
        int cuts = Math.min(RefNames.SLOTS, undecided);
        return IntStream.rangeClosed(1, cuts)
                .map(cut -> green + (int) Math.round((double) cut * (undecided + 1) / (cuts + 1)))
                .boxed()
                .toList();
    }
}
