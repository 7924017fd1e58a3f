package io.jenkins.plugins.gitops.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.matching.WorkBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.diff.DiffAlgorithm;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.MyersDiff;
import org.eclipse.jgit.diff.Sequence;
import org.eclipse.jgit.diff.SequenceComparator;

/**
 * The histogram diff algorithm, which git uses for merges, with a budget of work. It splits a region at the longest run
 * of common lines that are rarest, and treats the rest as replaced. A region whose common lines are all frequent is
 * compared with Myers' algorithm.
 *
 * <p>Fails with {@link WorkBudget.ExceededException} if the texts need more work than the budget allows.
 */
final class BoundedDiff extends DiffAlgorithm {

    /**
     * The highest number of occurrences in a region of a line at which the region is split, as in git's xhistogram.c.
     */
    private static final int MAX_OCCURRENCES = 64;

    /** The greatest number of different lines with one hash: more do not happen by chance. */
    private static final int MAX_COLLISIONS = 16;

    private final WorkBudget budget;

    BoundedDiff(WorkBudget budget) {
        this.budget = budget;
    }

    @Override
    public <S extends Sequence> EditList diffNonCommon(SequenceComparator<? super S> cmp, S a, S b) {
        budget.spend(a.size() + (long) b.size());
        var lines = new LineNumbering<S>(cmp);
        int[] left = lines.number(a);
        int[] right = lines.number(b);
        return new RegionSplitter(left, right, lines.count, budget).edits();
    }

    /** Gives equal lines of both texts equal numbers. */
    private static final class LineNumbering<S extends Sequence> {

        private record Line<S>(S text, int index, int number) {}

        private final SequenceComparator<? super S> cmp;
        private final Map<Integer, List<Line<S>>> known = new HashMap<>();
        private int count;

        LineNumbering(SequenceComparator<? super S> cmp) {
            this.cmp = cmp;
        }

        int[] number(S text) {
            var numbers = new int[text.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = number(text, i);
            }
            return numbers;
        }

        private int number(S text, int index) {
            List<Line<S>> alike = known.computeIfAbsent(cmp.hash(text, index), hash -> new ArrayList<>(1));
            for (Line<S> line : alike) {
                if (cmp.equals(line.text(), line.index(), text, index)) {
                    return line.number();
                }
            }
            if (alike.size() >= MAX_COLLISIONS) {
                throw new WorkBudget.ExceededException();
            }
            alike.add(new Line<>(text, index, count));
            return count++;
        }
    }

    /** Compares regions by the numbers of their lines. */
    private static final class RegionSplitter {

        private final int[] a;
        private final int[] b;
        private final WorkBudget budget;

        /** By the number of a line: its first place in the region of a, and how many it has there. */
        private final int[] first;

        private final int[] occurrences;

        /** By a place in a: the next place with the same line. */
        private final int[] next;

        private final EditList edits = new EditList();

        RegionSplitter(int[] a, int[] b, int lines, WorkBudget budget) {
            this.a = a;
            this.b = b;
            this.budget = budget;
            first = new int[lines];
            Arrays.fill(first, -1);
            occurrences = new int[lines];
            next = new int[a.length];
        }

        EditList edits() {
            Deque<Edit> regions = new ArrayDeque<>();
            regions.push(new Edit(0, a.length, 0, b.length));
            while (!regions.isEmpty()) {
                Edit region = regions.pop();
                switch (region.getType()) {
                    case EMPTY -> {}
                    case INSERT, DELETE -> edits.add(region);
                    case REPLACE -> split(region, regions);
                }
            }
            return edits;
        }

        private void split(Edit region, Deque<Edit> regions) {
            budget.spend(2L * region.getLengthA() + region.getLengthB());
            index(region);
            var search = new RunSearch(region);
            search.search();
            unindex(region);
            if (search.common && search.rarest > MAX_OCCURRENCES) {
                myers(region);
            } else if (search.best != null) {
                regions.push(region.after(search.best));
                regions.push(region.before(search.best));
            } else {
                edits.add(region);
            }
        }

        private void index(Edit region) {
            for (int i = region.getEndA() - 1; i >= region.getBeginA(); i--) {
                next[i] = first[a[i]];
                first[a[i]] = i;
                occurrences[a[i]]++;
            }
        }

        private void unindex(Edit region) {
            for (int i = region.getBeginA(); i < region.getEndA(); i++) {
                first[a[i]] = -1;
                occurrences[a[i]] = 0;
            }
        }

        private void myers(Edit region) {
            var left = new NumberedLines(Arrays.copyOfRange(a, region.getBeginA(), region.getEndA()));
            var right = new NumberedLines(Arrays.copyOfRange(b, region.getBeginB(), region.getEndB()));
            for (Edit edit : MyersDiff.INSTANCE.diffNonCommon(new CountedComparison(budget), left, right)) {
                edits.add(new Edit(
                        edit.getBeginA() + region.getBeginA(),
                        edit.getEndA() + region.getBeginA(),
                        edit.getBeginB() + region.getBeginB(),
                        edit.getEndB() + region.getBeginB()));
            }
        }

        /** The search for the run of common lines at which a region is split. */
        private final class RunSearch {

            private final Edit region;
            private boolean common;

            @CheckForNull
            private Edit best;

            private int rarest = MAX_OCCURRENCES + 1;

            RunSearch(Edit region) {
                this.region = region;
            }

            void search() {
                int at = region.getBeginB();
                while (at < region.getEndB()) {
                    at = tryRuns(at);
                }
            }

            /** Tries the runs of which a line of b is a part; returns the line to try next. */
            private int tryRuns(int start) {
                int line = b[start];
                common |= occurrences[line] > 0;
                if (occurrences[line] == 0 || occurrences[line] > rarest) {
                    return start + 1;
                }
                int following = start + 1;
                int reached = -1;
                for (int i = first[line]; i >= 0; i = next[i]) {
                    if (i < reached) {
                        continue;
                    }
                    Edit run = runAt(i, start);
                    int fewest = fewest(run);
                    following = Math.max(following, run.getEndB());
                    reached = run.getEndA();
                    if (best == null || run.getLengthA() > best.getLengthA() || fewest < rarest) {
                        best = run;
                        rarest = fewest;
                    }
                }
                return following;
            }

            private Edit runAt(int inA, int inB) {
                int beginA = inA;
                int beginB = inB;
                while (beginA > region.getBeginA() && beginB > region.getBeginB() && a[beginA - 1] == b[beginB - 1]) {
                    beginA--;
                    beginB--;
                }
                int endA = inA + 1;
                int endB = inB + 1;
                while (endA < region.getEndA() && endB < region.getEndB() && a[endA] == b[endB]) {
                    endA++;
                    endB++;
                }
                budget.spend(2L * (endA - beginA));
                return new Edit(beginA, endA, beginB, endB);
            }

            private int fewest(Edit run) {
                int fewest = Integer.MAX_VALUE;
                for (int i = run.getBeginA(); i < run.getEndA(); i++) {
                    fewest = Math.min(fewest, occurrences[a[i]]);
                }
                return fewest;
            }
        }
    }

    private static final class NumberedLines extends Sequence {

        private final int[] numbers;

        NumberedLines(int[] numbers) {
            this.numbers = numbers;
        }

        @Override
        public int size() {
            return numbers.length;
        }
    }

    /** Spends a step for each comparison. All lines have the same hash, so that each comparison is counted. */
    private static final class CountedComparison extends SequenceComparator<NumberedLines> {

        private final WorkBudget budget;

        CountedComparison(WorkBudget budget) {
            this.budget = budget;
        }

        @Override
        public boolean equals(NumberedLines a, int indexA, NumberedLines b, int indexB) {
            budget.spend(1);
            return a.numbers[indexA] == b.numbers[indexB];
        }

        @Override
        public int hash(NumberedLines text, int index) {
            return 0;
        }
    }
}
