package io.jenkins.plugins.gitops.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.matching.WorkBudget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/** Differences are those of JGit's histogram algorithm, and end within their budget. */
class BoundedDiffTest {

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.oneOf(
                Arbitraries.of("a", "b", "c", "d", "e").list().ofMaxSize(15),
                Arbitraries.integers()
                        .between(0, 30)
                        .map(String::valueOf)
                        .list()
                        .ofMaxSize(40),
                // A line that is too frequent to be what a region is split at.
                Arbitraries.of("x", "x", "x", "x", "y").list().ofMinSize(60).ofMaxSize(100));
    }

    @Property(tries = 2000)
    void differencesAreThoseOfTheHistogram(@ForAll("texts") List<String> a, @ForAll("texts") List<String> b) {
        EditList expected = new HistogramDiff().diff(RawTextComparator.DEFAULT, text(a), text(b));

        assertThat(diff(a, b, 10_000_000)).isEqualTo(expected);
    }

    private static EditList diff(List<String> a, List<String> b, long budget) {
        return new BoundedDiff(new WorkBudget(budget)).diff(RawTextComparator.DEFAULT, text(a), text(b));
    }

    private static RawText text(List<String> lines) {
        return new RawText(lines.isEmpty() ? new byte[0] : bytes(lines));
    }

    private static byte[] bytes(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Example
    void aLargeFileWithFewChangesCostsLittle() {
        List<String> before = IntStream.range(0, 200_000)
                .mapToObj(i -> i % 3 == 0 ? "  - name:" : "    value: " + i)
                .toList();
        List<String> after = new ArrayList<>(before);
        after.set(10, "changed");
        after.set(199_990, "changed too");

        assertThat(diff(before, after, 20_000_000)).hasSize(2);
    }

    @Example
    void whatWouldTakeMinutesIsGivenUp() {
        List<String> before =
                IntStream.range(0, 400_000).mapToObj(i -> "line " + i / 100).toList();
        List<String> after = new ArrayList<>(before);
        Collections.shuffle(after, new Random(7));

        assertThatThrownBy(() -> diff(before, after, 20_000_000)).isInstanceOf(WorkBudget.ExceededException.class);
    }

    @Example
    void linesThatAreMadeToHaveOneHashAreGivenUp() {
        // RawTextComparator hashes with 33 * hash + byte, for which these two are alike.
        List<String> before = IntStream.range(0, 1 << 12)
                .mapToObj(i -> {
                    var line = new StringBuilder();
                    for (int bit = 0; bit < 12; bit++) {
                        line.append((i >> bit & 1) == 0 ? "Ab" : "BA");
                    }
                    return line.toString();
                })
                .toList();
        List<String> after = new ArrayList<>(before);
        Collections.reverse(after);

        assertThatThrownBy(() -> diff(before, after, Long.MAX_VALUE)).isInstanceOf(WorkBudget.ExceededException.class);
    }
}
