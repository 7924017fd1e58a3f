package io.jenkins.plugins.gitops.driver;

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

/** Judges the queue and decides how far main moves and which change is evicted. */
final class MergeEvaluator {

    private static final String STALE_BODY = "; its body worked on other files than those that are below it now, since "
            + "main moved or a change was evicted, so what it made may be out of date and must be made anew";

    private final RepositorySettings settings;
    private final CheckWatch checks;
    private final Clock clock;
    private final RequiredCheckPolicy required;
    private final MainTip mainTip;

    private QueueVerdicts verdicts;

    /**
     * Creates an evaluator that has judged nothing.
     *
     * @param checks the results that forges have of commits
     */
    MergeEvaluator(RepositorySettings settings, CheckWatch checks, Clock clock) {
        this.settings = settings;
        this.checks = checks;
        this.clock = clock;
        this.required = new RequiredCheckPolicy(settings.requiredChecks(), settings.brokenCheckGrace(), clock);
        this.mainTip = new MainTip(settings, clock);
        this.verdicts = new QueueVerdicts(required.judge(Map.of()), List.of());
    }

    /** Judges the queue of a snapshot. */
    void judge(RoundContext context) throws IOException {
        mainTip.update(context);
        judge(context, context.refs());
    }

    /**
     * Judges the queue with reports that the next push stores.
     *
     * @param withReports the refs as they are after that
     */
    void judge(RoundContext context, RefSnapshot withReports) throws IOException {
        verdicts = judged(context, withReports);
    }

    private QueueVerdicts judged(RoundContext context, RefSnapshot refs) throws IOException {
        return QueueVerdicts.of(
                refs, context.queue(), required, context.services().checkRefs(), checks.known());
    }

    /** The verdicts of the snapshot that was judged last. */
    QueueVerdicts verdicts() {
        return verdicts;
    }

    /** The decision that follows from the verdicts. */
    MergePolicy.Decision decision() {
        return MergePolicy.decide(mainTip.mayMove(), mainTip.color(verdicts), verdicts.colors());
    }

    /** The snapshot that was judged last, with its verdicts. */
    JudgedQueue judged(RoundContext context) {
        return new JudgedQueue(
                context.refs(),
                context.queue(),
                verdicts,
                decision(),
                mainTip.color(verdicts),
                mainTip.refusal(),
                clock.instant());
    }

    /** Records that the server refused to move main, with the reason that it gave. */
    void mainRefused(String reason) {
        mainTip.refused(reason);
    }

    /**
     * Builds the merge or the eviction that the verdicts call for; empty if they call for neither.
     *
     * @param withReports the refs as they were judged, with the reports that the push stores
     */
    Optional<RefUpdateBatch> next(RoundContext context, RefSnapshot withReports) throws IOException {
        MergePolicy.Decision decision = decision();
        List<QueuedCommit> commits = context.queue().commits();
        PushBuilder pushes = context.pushes(withReports);
        for (QueuedCommit commit : commits) {
            Optional<String> refusal =
                    context.services().trusted().refusal(context.services().git(), commit.sha());
            if (refusal.isPresent()) {
                return pushes.evict(commit, DecidedChange.UNTRUSTED, refusal.get(), List.of());
            }
        }
        if (decision instanceof MergePolicy.Decision.Merge merge) {
            int highest = highestDecidable(context, merge.index());
            for (QueuedCommit commit : commits.subList(0, highest + 1)) {
                Optional<WaveAdmission.Refusal> refusal = refusal(context, commit);
                if (refusal.isPresent()) {
                    return pushes.evict(
                            commit, refusal.get().cause(), refusal.get().sentence(), List.of());
                }
            }
            return highest < 0 ? Optional.empty() : Optional.of(pushes.merge(highest, verdicts));
        }
        if (decision instanceof MergePolicy.Decision.Evict evict
                && isGraceOver(context, evict.index())
                // A source may have answered since, and a re-run may have turned the commit green.
                && judged(context, withReports).commits().get(evict.index()).isRed()) {
            QueuedCommit red = commits.get(evict.index());
            Verdict verdict = verdicts.commits().get(evict.index());
            String reason =
                    "required checks failed: " + verdict.describeFailures() + assumption(context, evict.index());
            return context.services().autoBranch().hasOutdatedBody(red)
                    ? pushes.evict(red, DecidedChange.CONFLICT, reason + STALE_BODY, verdict.required())
                    : pushes.evict(red, DecidedChange.RED, reason, verdict.required());
        }
        return Optional.empty();
    }

    /**
     * The highest green commit, up to one, below which a file of the state that cannot be read forbids nothing; -1 if
     * there is none. Commits that the file could forbid wait, and are not evicted, since they are not forbidden yet.
     */
    private int highestDecidable(RoundContext context, int index) throws IOException {
        int highest = -1;
        for (int i = 0; i <= index; i++) {
            if (context.admission()
                    .obstacle(settings, context.queue().commits().get(i))
                    .isPresent()) {
                return highest;
            }
            if (verdicts.commits().get(i).isGreen()) {
                highest = i;
            }
        }
        return highest;
    }

    /** Checks the gates of a change again immediately before its merge. A hand-made commit passes none. */
    private Optional<WaveAdmission.Refusal> refusal(RoundContext context, QueuedCommit commit) throws IOException {
        ChangeTrailers change = commit.trailers().orElse(null);
        if (change == null || !settings.wavePaths().contains(change.wavePath())) {
            return Optional.empty();
        }
        try {
            ImageSet images = context.services().autoBranch().images().read(commit.sha(), change.wavePath());
            return context.admission().refusal(change, images);
        } catch (InvalidImagesException e) {
            // Somebody broke the files by hand, and the checks of that commit succeeded.
            return context.admission().refusal(change, ImageSet.EMPTY);
        }
    }

    /** The addition to the reason of an eviction for which a main without any report was taken as green. */
    private String assumption(RoundContext context, int evicted) {
        return evicted == 0 && mainTip.isAssumedGreen(verdicts)
                ? "; nobody reported on " + settings.mainBranch() + " itself ("
                        + CommitSha.abbreviate(context.queue().main()) + ") for "
                        + Durations.format(settings.missingChecksAfter()) + ", so it was taken as green"
                : "";
    }

    /** Whether a red commit had its time to turn green by a re-run, and its checks were read since. */
    private boolean isGraceOver(RoundContext context, int red) {
        Instant end = graceEnd(red);
        return !clock.instant().isBefore(end)
                && checks.isKnownSince(context.queue().commits().get(red).sha().name(), end);
    }

    private Instant graceEnd(int red) {
        return verdicts.commits().get(red).since().plus(settings.redGrace());
    }

    /** The times, some of them past, from which on something else follows from the same verdicts. */
    List<Instant> deadlines(RoundContext context) {
        var deadlines = new ArrayList<Instant>();
        if (decision() instanceof MergePolicy.Decision.Evict evict) {
            deadlines.add(graceEnd(evict.index()));
        }
        mainTip.again().ifPresent(deadlines::add);
        verdicts.main().redAt().ifPresent(deadlines::add);
        verdicts.commits().forEach(verdict -> verdict.redAt().ifPresent(deadlines::add));
        List<QueuedCommit> commits = context.queue().commits();
        if (!commits.isEmpty()) {
            deadlines.add(mainTip.silenceEnd());
        }
        for (QueuedCommit commit : commits) {
            deadlines.add(commit.committed().plus(settings.missingChecksAfter()));
        }
        return deadlines;
    }
}
