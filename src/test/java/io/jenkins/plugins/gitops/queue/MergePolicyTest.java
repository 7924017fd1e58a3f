package io.jenkins.plugins.gitops.queue;

import static io.jenkins.plugins.gitops.ci.Verdict.Color.GREEN;
import static io.jenkins.plugins.gitops.ci.Verdict.Color.RED;
import static io.jenkins.plugins.gitops.ci.Verdict.Color.UNDECIDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.Verdict.Color;
import io.jenkins.plugins.gitops.queue.MergePolicy.Decision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MergePolicyTest {

    @Test
    void theHighestGreenCommitWithNoRedBelowItLands() {
        assertThat(decide(GREEN, UNDECIDED, GREEN, UNDECIDED)).isEqualTo(new Decision.Merge(1));
        assertThat(decide(GREEN, GREEN, RED, GREEN)).isEqualTo(new Decision.Merge(0));
        assertThat(decide(RED, GREEN))
                .as("it was tested on top of main and is green")
                .isEqualTo(new Decision.Merge(0));
        assertThat(decide(GREEN, UNDECIDED, UNDECIDED)).isEqualTo(new Decision.Wait());
    }

    @Test
    void blameNeedsAGreenParent() {
        assertThat(decide(GREEN, RED, GREEN)).isEqualTo(new Decision.Evict(0));
        assertThat(decide(RED, RED)).isEqualTo(new Decision.MainInDoubt(0));
        assertThat(decide(UNDECIDED, RED)).isEqualTo(new Decision.MainInDoubt(0));
        assertThat(decide(GREEN, UNDECIDED, RED)).isEqualTo(new Decision.Bisect(1, List.of(0)));
        assertThat(decide(RED, UNDECIDED, RED)).isEqualTo(new Decision.MainInDoubt(1));
    }

    @Test
    void whereMainCannotBeMovedBlameIsFoundAllTheSame() {
        assertThat(MergePolicy.decide(false, GREEN, List.of(GREEN, RED))).isEqualTo(new Decision.Evict(1));
        assertThat(MergePolicy.decide(false, GREEN, List.of(GREEN, UNDECIDED, RED)))
                .isEqualTo(new Decision.Bisect(2, List.of(1)));
        assertThat(MergePolicy.decide(false, RED, List.of(GREEN, UNDECIDED, RED)))
                .as("what is green on a red main is sound again")
                .isEqualTo(new Decision.Bisect(2, List.of(1)));
    }

    private static Decision decide(Color main, Color... line) {
        return MergePolicy.decide(true, main, List.of(line));
    }

    @Property
    void nothingRedEverLandsAndNothingIsBlamedOnAnUndecidedParent(
            @ForAll boolean mayMerge, @ForAll Color main, @ForAll @Size(max = 12) List<Color> line) {
        Decision decision = MergePolicy.decide(mayMerge, main, line);
        if (decision instanceof Decision.Merge merge) {
            assertThat(mayMerge).isTrue();
            assertThat(line.get(merge.index())).isEqualTo(GREEN);
            assertThat(line.subList(0, merge.index())).doesNotContain(RED);
        } else if (decision instanceof Decision.Evict evict) {
            assertThat(line.get(evict.index())).isEqualTo(RED);
            assertThat(evict.index() == 0 ? main : line.get(evict.index() - 1)).isEqualTo(GREEN);
        } else if (decision instanceof Decision.Bisect bisect) {
            assertThat(bisect.probes()).isNotEmpty().doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(4);
            assertThat(bisect.probes()).allSatisfy(probe -> {
                assertThat(probe).isLessThan(bisect.red());
                assertThat(line.get(probe)).isEqualTo(UNDECIDED);
            });
        }
    }

    /** Whoever broke it is found with few runs of CI, however long the line and wherever the culprit. */
    @Property
    void bisectionFindsTheFirstBadCommit(
            @ForAll @IntRange(min = 1, max = 200) int length, @ForAll @IntRange(max = 199) int at) {
        int bad = at % length;
        var line = new ArrayList<Color>(Collections.nCopies(length, UNDECIDED));
        line.set(length - 1, RED);
        int landed = 0;
        int rounds = 0;
        while (true) {
            Decision decision = MergePolicy.decide(true, GREEN, line.subList(landed, length));
            if (decision instanceof Decision.Evict evict) {
                assertThat(landed + evict.index()).isEqualTo(bad);
                break;
            } else if (decision instanceof Decision.Merge merge) {
                landed += merge.index() + 1;
            } else {
                assertThat(decision).isInstanceOf(Decision.Bisect.class);
                rounds++;
                for (int probe : ((Decision.Bisect) decision).probes()) {
                    line.set(landed + probe, landed + probe >= bad ? RED : GREEN);
                }
            }
        }
        assertThat(rounds)
                .as("each round leaves a fifth")
                .isLessThanOrEqualTo((int) Math.ceil(Math.log(length) / Math.log(5)) + 1);
    }
}
