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

/** The tip of main: since when it is there, whether its checks are taken as green, and whether the server lets it move. */
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

    /** The server would not let main be moved. */
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
            mergedGreen = context.services().evidence().has(context.refs().notes(), main);
            refusal = null;
            backoff.reset();
        }
    }

    /** Whether it is green, as far as that is known, see {@link QueueVerdicts#mainColor}. */
    Verdict.Color color(QueueVerdicts verdicts) {
        return verdicts.mainColor(mergedGreen, !clock.instant().isBefore(silenceEnd()));
    }

    /** Whether only its long silence speaks for it. */
    boolean isAssumedGreen(QueueVerdicts verdicts) {
        return !mergedGreen && !verdicts.main().isGreen();
    }

    /** From when on silence is taken for green. */
    Instant silenceEnd() {
        return since.plus(settings.missingChecksAfter());
    }

    /** Notes that the server refused to move it, in its words: it is tried again, each time later. */
    void refused(String words) {
        refusal = new Refusal(words, clock.instant().plus(backoff.next()));
    }

    /** Whether it may be tried to move it now. */
    boolean mayMove() {
        return refusal == null || !clock.instant().isBefore(refusal.again());
    }

    /** When it may be tried again, if the server has refused. */
    Optional<Instant> again() {
        return Optional.ofNullable(refusal).map(Refusal::again);
    }

    /** The server's words if it has refused, or null. */
    @CheckForNull
    String refusal() {
        return refusal == null ? null : refusal.words();
    }
}
