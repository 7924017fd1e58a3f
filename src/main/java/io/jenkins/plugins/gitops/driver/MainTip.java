package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.queue.QueueVerdicts;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The tip of main: the time since which main points to it, whether it counts as green, and whether the server lets
 * main move.
 */
final class MainTip {

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(10);

    private final RepositorySettings settings;
    private final Clock clock;

    private ObjectId commit = ObjectId.zeroId();
    private Instant since = Instant.EPOCH;
    private boolean mergedGreen;
    private final Backoff backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF);

    @CheckForNull
    private Refusal refusal;

    /** A refusal of the server to move main, with its message, and the time of the next attempt. */
    private record Refusal(String words, Instant again) {}

    MainTip(RepositorySettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Updates the tip from a snapshot. */
    void update(RoundContext context) throws IOException {
        ObjectId main = context.queue().main();
        if (!main.equals(commit)) {
            commit = main;
            since = clock.instant();
            mergedGreen = context.services().mergeNotes().has(context.refs().notes(), main);
            refusal = null;
            backoff.reset();
        }
    }

    /** The verdict of the tip, see {@link QueueVerdicts#mainColor}. */
    Verdict.Color color(QueueVerdicts verdicts) {
        return verdicts.mainColor(mergedGreen, !clock.instant().isBefore(silenceEnd()));
    }

    /** Whether the tip counts as green only since no check has reported on it for the configured time. */
    boolean isAssumedGreen(QueueVerdicts verdicts) {
        return !mergedGreen && !verdicts.main().isGreen();
    }

    /** The time from which on a tip without reports counts as green. */
    Instant silenceEnd() {
        return since.plus(settings.missingChecksAfter());
    }

    /** Records that the server refused to move main, with its message; the delay before the next attempt grows. */
    void refused(String words) {
        refusal = new Refusal(words, clock.instant().plus(backoff.next()));
    }

    /** Whether a push of main may be tried now. */
    boolean mayMove() {
        return refusal == null || !clock.instant().isBefore(refusal.again());
    }

    /** The time from which a push of main may be tried again; empty unless the server has refused one. */
    Optional<Instant> again() {
        return Optional.ofNullable(refusal).map(Refusal::again);
    }

    /** The message of the server if it has refused. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal).map(Refusal::words);
    }
}
