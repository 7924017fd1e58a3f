package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.ci.Verdict.Color;
import io.jenkins.plugins.gitops.git.RefNames;
import java.util.List;
import java.util.stream.IntStream;

/** Decides what the verdicts of a line mean: which commit may land, which is to blame, what to test to find out. */
public final class MergePolicy {

    /** What is to be done; commits are named by their index in the line. */
    public sealed interface Decision {
        /** Main goes to this commit: it is green and nothing below it is red. */
        record Merge(int index) implements Decision {}

        /** This commit is red and its parent is green: it is to blame. */
        record Evict(int index) implements Decision {}

        /** This commit is red on undecided commits: have these tested to find the one to blame. */
        record Bisect(int red, List<Integer> probes) implements Decision {}

        /** This commit is red on a main that is not green, so nobody can say whether it is to blame. */
        record MainInDoubt(int red) implements Decision {}

        /** Nothing until another verdict comes. */
        record Wait() implements Decision {}
    }

    private MergePolicy() {}

    /**
     * Judges a line.
     *
     * @param mayMerge false while the server refuses to move main; then blame is found all the same
     * @param main the verdict of main's own tip
     * @param line those of the commits on it, oldest first
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
        if (red == 0 || main == Color.RED) {
            return new Decision.MainInDoubt(red);
        }
        return new Decision.Bisect(red, probes(green, red));
    }

    /** Up to four commits that cut the open interval into parts of nearly equal length. */
    private static List<Integer> probes(int green, int red) {
        int undecided = red - green - 1;
        int cuts = Math.min(RefNames.SLOTS, undecided);
        return IntStream.rangeClosed(1, cuts)
                .map(cut -> green + (int) Math.round((double) cut * (undecided + 1) / (cuts + 1)))
                .boxed()
                .toList();
    }
}
