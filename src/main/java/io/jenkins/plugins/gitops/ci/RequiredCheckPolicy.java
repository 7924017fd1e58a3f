package io.jenkins.plugins.gitops.ci;

import io.jenkins.plugins.gitops.common.Durations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Combines the required checks of a commit to a verdict: red if one found a fault, green if all succeeded, else
 * undecided. A check that was cancelled, or that broke down, has found nothing. So that a change that breaks CI itself
 * cannot block the queue, a check counts as red after a second run on the commit that broke down, and when no better
 * run came for the configured time.
 */
public final class RequiredCheckPolicy {

    /** The number of broken runs of one check on one commit after which it counts as red. */
    private static final int BROKEN_RUNS_OF_RED = 2;

    private final List<RequiredCheck> required;
    private final Duration brokenCheckGrace;
    private final Clock clock;

    /**
     * Creates a policy. Without required checks every commit is green; callers have to check whether that is allowed.
     *
     * @param brokenCheckGrace how long a check that broke down waits for a better run
     */
    public RequiredCheckPolicy(List<RequiredCheck> required, Duration brokenCheckGrace, Clock clock) {
        this.required = List.copyOf(required);
        this.brokenCheckGrace = brokenCheckGrace;
        this.clock = clock;
    }

    /**
     * Judges a commit by the newest results of each source. If several results of one source are of one check, such
     * as a status and a check run of one name, all of them have to succeed.
     *
     * @param responses by the name of the source
     */
    public Verdict judge(Map<String, SourceResponse> responses) {
        var reported = new ArrayList<CheckStatus>();
        var failed = new ArrayList<CheckStatus>();
        var pending = new ArrayList<String>();
        var missing = new ArrayList<String>();
        var remarks = new ArrayList<String>();
        var problems = new LinkedHashSet<String>();
        var decidedAt = new ArrayList<Instant>();
        Instant since = Instant.EPOCH;
        for (RequiredCheck check : required) {
            SourceResponse source = responses.get(check.source());
            if (source == null || source.problem().isPresent()) {
                problems.add(
                        source == null
                                ? check.source() + " cannot be asked here."
                                : source.problem().get());
                continue;
            }
            List<CheckResult> runs =
                    source.results().stream().filter(each -> each.isOf(check)).toList();
            var worst = runs.stream()
                    .max(Comparator.comparing((CheckResult run) -> weight(run, check))
                            .thenComparing(run -> run.status().at()));
            if (worst.isEmpty() && !source.unread().isEmpty()) {
                problems.addAll(source.unread());
                continue;
            }
            if (worst.isEmpty()) {
                missing.add(check.name());
                if (isStatusOfNoApp(check, source)) {
                    remarks.add(
                            check.name() + " is reported as a commit status, and a commit status names no app: leave "
                                    + "appId out of the required check, or have the app report a check run.");
                }
                continue;
            }
            CheckResult run = worst.get();
            CheckStatus status = explained(run, runs, check);
            reported.add(status);
            since = status.at().isAfter(since) ? status.at() : since;
            switch (meaning(run, check)) {
                case RED -> failed.add(status);
                case GREEN -> {}
                default -> {
                    Optional<String> stalled = stalled(run);
                    stalled.ifPresentOrElse(remarks::add, () -> pending.add(check.name()));
                    if (run.status().isBroken()) {
                        decidedAt.add(graceEnd(run));
                    }
                    if (runs.size() > 1) {
                        remarks.add("Of " + check.name() + " " + describe(runs) + ".");
                    }
                }
            }
        }
        Verdict.Color color = !failed.isEmpty()
                ? Verdict.Color.RED
                : reported.size() == required.size() && pending.isEmpty() && remarks.isEmpty()
                        ? Verdict.Color.GREEN
                        : Verdict.Color.UNDECIDED;
        return new Verdict(
                color,
                reported,
                failed,
                pending,
                missing,
                List.copyOf(problems),
                remarks,
                since,
                decidedAt.stream().min(Comparator.naturalOrder()));
    }

    private static boolean isStatusOfNoApp(RequiredCheck check, SourceResponse source) {
        return check.appId() != CheckResult.NO_APP
                && source.results().stream()
                        .anyMatch(each -> each.app() == CheckResult.NO_APP
                                && each.status().context().equals(check.name()));
    }

    /** Returns the status that counts, with why it does where the source itself cannot say that. */
    private CheckStatus explained(CheckResult run, List<CheckResult> runs, RequiredCheck check) {
        CheckStatus status = run.status();
        if (runs.size() > 1) {
            return status.explained("of " + describe(runs));
        }
        if (!status.isBroken() || meaning(run, check) != Verdict.Color.RED) {
            return status;
        }
        String words = status.description().map(text -> text + "; ").orElse("");
        return status.explained(words
                + (run.brokenRuns() >= BROKEN_RUNS_OF_RED
                        ? run.brokenRuns() + " runs of it broke down on this commit"
                        : "no better run came for " + Durations.format(brokenCheckGrace)));
    }

    /** Returns what to do about a run that has ended without a verdict; empty if it has not ended. */
    private Optional<String> stalled(CheckResult run) {
        CheckStatus status = run.status();
        String subject =
                status.context() + status.url().map(url -> " (" + url + ")").orElse("");
        return switch (status.state()) {
            case CANCELLED -> Optional.of(subject + " was cancelled: run it again.");
            case STALE -> Optional.of(subject + " was given up as stale: run it again.");
            case ACTION_REQUIRED -> Optional.of(subject + " waits for somebody to start or approve it there.");
            case SKIPPED, NEUTRAL ->
                Optional.of(subject + " was " + (status.state() == CheckState.SKIPPED ? "skipped" : "neutral")
                        + ", which counts only where the required check has acceptSkipped: run it again.");
            case ERROR, TIMED_OUT ->
                Optional.of(subject + " broke down and found nothing (" + status.state()
                        + status.description().map(text -> ", " + text).orElse("")
                        + "): run it again. It counts as red if another run of it breaks"
                        + " down, or if no better one comes by " + graceEnd(run).truncatedTo(ChronoUnit.SECONDS) + ".");
            default -> Optional.empty();
        };
    }

    private Instant graceEnd(CheckResult run) {
        return run.status().at().plus(brokenCheckGrace);
    }

    /** Returns several runs of one check in one line. */
    private static String describe(List<CheckResult> runs) {
        return runs.size() + " runs the worst counts: "
                + runs.stream().map(CheckResult::describeRun).collect(Collectors.joining(", "));
    }

    private Verdict.Color meaning(CheckResult run, RequiredCheck check) {
        return switch (run.status().state().meaning()) {
            case RED -> Verdict.Color.RED;
            case GREEN -> Verdict.Color.GREEN;
            case SKIPPED -> check.acceptSkipped() ? Verdict.Color.GREEN : Verdict.Color.UNDECIDED;
            case BROKEN ->
                run.brokenRuns() >= BROKEN_RUNS_OF_RED || !clock.instant().isBefore(graceEnd(run))
                        ? Verdict.Color.RED
                        : Verdict.Color.UNDECIDED;
            case UNDECIDED -> Verdict.Color.UNDECIDED;
        };
    }

    /** Returns the rank of a result, higher for worse ones; the worst of several counts. */
    private int weight(CheckResult run, RequiredCheck check) {
        return switch (meaning(run, check)) {
            case GREEN -> 0;
            case UNDECIDED -> 1;
            case RED -> 2;
        };
    }
}
