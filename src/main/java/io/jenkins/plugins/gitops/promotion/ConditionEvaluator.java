package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.queue.AppendResult;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.PromotionWindow;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** Evaluates the named conditions of promotions into a wave, each by itself. */
public final class ConditionEvaluator {

    private final AutoBranch branch;
    private final WaveStateReader states;
    private final Candidates candidates;
    private final CommitQueue line;
    private final Instant now;

    /**
     * Evaluates at one time.
     *
     * @param line the queue to which a change would be appended
     */
    ConditionEvaluator(
            AutoBranch branch, WaveStateReader states, Candidates candidates, CommitQueue line, Instant now) {
        this.branch = branch;
        this.states = states;
        this.candidates = candidates;
        this.line = line;
        this.now = now;
    }

    /** The condition that none of the images of a set was rejected. */
    PromotionCondition rejected(ImageSet set) throws IOException {
        Optional<String> refusal = states.rejection(set);
        return new PromotionCondition(
                PromotionCondition.REJECTED,
                refusal.isEmpty(),
                "no image was rejected",
                refusal.map(sentence -> sentence.endsWith(".") ? sentence : sentence + ".")
                        .orElse("none of the images was rejected."));
    }

    /** The conditions that do not depend on the set: hold, windows and intake. */
    List<PromotionCondition> ofTarget(Wave to, WavePath path) throws IOException {
        var conditions = new ArrayList<PromotionCondition>();
        conditions.add(notHeld(to, states.of(path)));
        if (!to.gates().windows().isEmpty()) {
            conditions.add(window(to.gates().windows()));
        }
        candidates.intake(path).ifPresent(conditions::add);
        return conditions;
    }

    private PromotionCondition notHeld(Wave to, WaveState state) {
        String asked = "nobody holds " + to.name();
        Optional<Hold> hold = state.holdAt(now);
        if (hold.isPresent()) {
            return new PromotionCondition(
                    PromotionCondition.HOLD,
                    false,
                    asked,
                    hold.get().sentence(to.name()),
                    hold.get().until().orElse(null));
        }
        return new PromotionCondition(
                PromotionCondition.HOLD,
                state.problem().isEmpty(),
                asked,
                state.problem().orElse("nobody holds " + to.name() + "."));
    }

    private PromotionCondition window(List<PromotionWindow> windows) {
        String asked = "in a window: "
                + String.join(
                        ", ", windows.stream().map(PromotionWindow::toString).toList());
        Optional<Instant> open = windows.stream()
                .map(window -> window.openUntil(now))
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
        if (open.isPresent()) {
            return new PromotionCondition(
                    PromotionCondition.WINDOW, true, asked, "a window is open until " + open.get() + ".");
        }
        Instant next = windows.stream()
                .map(window -> window.next(now))
                .flatMap(Optional::stream)
                .min(Instant::compareTo)
                .orElse(null);
        return new PromotionCondition(
                PromotionCondition.WINDOW, false, asked, "the next window opens at " + next + ".", next);
    }

    /**
     * The condition that nothing newer than a commit's set was promoted to a wave. Compares the commits that were
     * promoted, not the times: a webhook or a build may be late.
     */
    PromotionCondition notOlder(WavePath to, String source) throws IOException {
        // Trailers may say anything; what is no commit of this repository is newer than none.
        String last = branch.mainLog()
                .upTo(line.main())
                .lastPromoted(to, line.commits())
                .orElse(source);
        boolean older = !last.equals(source)
                && branch.graph().has(last)
                && branch.graph().contains(ObjectId.fromString(last), ObjectId.fromString(source));
        return new PromotionCondition(
                PromotionCondition.NOT_OLDER,
                !older,
                "nothing newer was promoted to " + to,
                older
                        ? "what was promoted to " + to + " last is of " + CommitSha.abbreviate(last)
                                + ", and so newer than " + CommitSha.abbreviate(source) + "."
                        : "nothing newer than " + CommitSha.abbreviate(source) + " was promoted to " + to + ".");
    }

    /** The condition that the target has another set, from the result of appending the change. */
    public static PromotionCondition differs(WavePath to, AppendResult appending) {
        return appending instanceof AppendResult.Attached attached
                ? new PromotionCondition(
                        PromotionCondition.DIFFERS,
                        true,
                        to + " has another set",
                        "the change " + attached.to().id() + " brings this set to " + to + " already.")
                : differs(to, !(appending instanceof AppendResult.Unchanged));
    }

    /** The condition that the target has another set. */
    static PromotionCondition differs(WavePath to, boolean differs) {
        return new PromotionCondition(
                PromotionCondition.DIFFERS,
                differs,
                to + " has another set",
                to + (differs ? " has another set." : " has this set already."));
    }
}
