package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.ci.RequiredCheckPolicy;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.explain.JudgedQueue;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.promotion.WaveAdmission;
import io.jenkins.plugins.gitops.queue.MergePolicy;
import io.jenkins.plugins.gitops.queue.QueueVerdicts;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What follows from verdicts: how far main moves, and which commit is to blame and goes. */
public final class MergeEvaluator {

    private final RepositorySettings settings;
    private final CheckWatch checks;
    private final Clock clock;
    private final RequiredCheckPolicy required;
    private final MainTip mainTip;

    private QueueVerdicts verdicts;

    /**
     * Rules on nothing yet.
     *
     * @param checks what forges say of commits
     */
    MergeEvaluator(RepositorySettings settings, CheckWatch checks, Clock clock) {
        this.settings = settings;
        this.checks = checks;
        this.clock = clock;
        this.required = new RequiredCheckPolicy(settings.requiredChecks());
        this.mainTip = new MainTip(settings, clock);
        this.verdicts = new QueueVerdicts(required.judge(Map.of()), List.of());
    }

    /** Judges what a look found. */
    void see(RoundContext situation) throws IOException {
        mainTip.see(situation);
        verdicts = judged(situation, situation.view());
    }

    private QueueVerdicts judged(RoundContext situation, RefSnapshot view) throws IOException {
        return QueueVerdicts.of(
                view, situation.line(), required, situation.repository().checkRefs(), checks.known());
    }

    /** Those of the last look. */
    QueueVerdicts verdicts() {
        return verdicts;
    }

    /** What they call for. */
    MergePolicy.Decision decision() {
        return MergePolicy.decide(mainTip.mayMove(), mainTip.color(verdicts), verdicts.colors());
    }

    /** The last look, judged. */
    JudgedQueue look(RoundContext situation) {
        return new JudgedQueue(
                situation.view(),
                situation.line(),
                verdicts,
                decision(),
                mainTip.color(verdicts),
                mainTip.refusal(),
                clock.instant());
    }

    /** Notes that the server refused to move main, in its words. */
    void mainRefused(String words) {
        mainTip.refused(words);
    }

    /** What is to be pushed by what was judged already. */
    Optional<RefUpdateBatch> next(RoundContext situation) throws IOException {
        return next(situation, situation.view(), decision());
    }

    /** The same, by verdicts that are about to be kept, too: they go out in the same push. */
    Optional<RefUpdateBatch> next(RoundContext situation, RefSnapshot kept) throws IOException {
        verdicts = judged(situation, kept);
        return next(situation, kept, decision());
    }

    private Optional<RefUpdateBatch> next(RoundContext situation, RefSnapshot judged, MergePolicy.Decision decision) throws IOException {
        List<QueuedCommit> commits = situation.line().commits();
        PushBuilder decisions = situation.decisions(judged);
        if (decision instanceof MergePolicy.Decision.Merge merge) {
            for (QueuedCommit commit : commits.subList(0, merge.index() + 1)) {
                WaveAdmission.Refusal refusal = refusal(situation, commit);
                if (refusal != null) {
                    return Optional.of(decisions.evict(commit, refusal.cause(), refusal.sentence(), List.of()));
                }
            }
            return Optional.of(decisions.merge(merge.index(), verdicts));
        }
        if (decision instanceof MergePolicy.Decision.Evict evict
                && isGraceOver(situation, evict.index())
                // A source may have been heard since, and a re-run have turned the commit green.
                && judged(situation, judged).commits().get(evict.index()).isRed()) {
            Verdict verdict = verdicts.commits().get(evict.index());
            String reason = "required checks failed: " + failures(verdict) + assumption(situation, evict.index());
            return Optional.of(
                    decisions.evict(commits.get(evict.index()), DecidedChange.RED, reason, verdict.required()));
        }
        return Optional.empty();
    }

    /** Gates are looked at once more immediately before a merge; what somebody made by hand passes none. */
    @CheckForNull
    private WaveAdmission.Refusal refusal(RoundContext situation, QueuedCommit commit) throws IOException {
        ChangeTrailers change = commit.trailers().orElse(null);
        if (change == null || !settings.wavePaths().contains(change.wavePath())) {
            return null;
        }
        try {
            ImageSet images = situation.repository().autoBranch().images().read(commit.sha(), change.wavePath());
            return situation.entry().refusal(change, images);
        } catch (InvalidImagesException e) {
            // Whoever broke the files did it by hand, and CI found nothing wrong with it.
            return situation.entry().refusal(change, ImageSet.EMPTY);
        }
    }

    /** What is said of an eviction for which main was taken as green although nobody had reported on it. */
    private String assumption(RoundContext situation, int evicted) {
        return evicted == 0 && mainTip.isAssumedGreen(verdicts)
                ? "; nobody reported on " + settings.mainBranch() + " itself ("
                        + CommitSha.abbreviate(situation.line().main()) + ") for "
                        + Durations.format(settings.missingChecksAfter()) + ", so it was taken as green"
                : "";
    }

    /** Whether a red commit had its time to turn green by a re-run, and was looked at since. */
    private boolean isGraceOver(RoundContext situation, int red) {
        Instant end = graceEnd(red);
        return !clock.instant().isBefore(end)
                && checks.isKnownSince(situation.line().commits().get(red).sha().name(), end);
    }

    private Instant graceEnd(int red) {
        return verdicts.commits().get(red).since().plus(settings.redGrace());
    }

    public static String failures(Verdict verdict) {
        return verdict.failed().stream()
                .map(check -> check.context() + " reported " + check.state()
                        + (check.description() == null ? "" : " (" + check.description() + ")"))
                .collect(Collectors.joining(", "));
    }

    /** Moments, some of them gone, from which on something else follows from the same verdicts. */
    List<Instant> deadlines(RoundContext situation) {
        var deadlines = new ArrayList<Instant>();
        if (decision() instanceof MergePolicy.Decision.Evict evict) {
            deadlines.add(graceEnd(evict.index()));
        }
        mainTip.again().ifPresent(deadlines::add);
        List<QueuedCommit> commits = situation.line().commits();
        if (!commits.isEmpty()) {
            deadlines.add(mainTip.silenceEnd());
        }
        for (QueuedCommit commit : commits) {
            deadlines.add(commit.committed().plus(settings.missingChecksAfter()));
        }
        return deadlines;
    }
}
