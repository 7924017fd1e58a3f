package io.jenkins.plugins.gitops.ci;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Combines the required checks of a commit to a verdict: red if one failed, green if all succeeded, else undecided. */
public final class RequiredCheckPolicy {

    private final List<RequiredCheck> required;

    /**
     * Creates a policy. Without required checks every commit is green; callers have to check whether that is allowed.
     */
    public RequiredCheckPolicy(List<RequiredCheck> required) {
        this.required = List.copyOf(required);
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
                    .map(CheckResult::status)
                    .max(Comparator.comparing((CheckStatus status) -> weight(status, check))
                            .thenComparing(CheckStatus::at));
            if (worst.isEmpty()) {
                missing.add(check.name());
                continue;
            }
            CheckStatus status = runs.size() == 1 ? worst.get() : worst.get().explained("of " + describe(runs));
            reported.add(status);
            since = status.at().isAfter(since) ? status.at() : since;
            switch (meaning(status, check)) {
                case RED -> failed.add(status);
                case GREEN -> {}
                default -> {
                    pending.add(check.name());
                    if (runs.size() > 1) {
                        remarks.add("Of " + check.name() + " " + describe(runs) + ".");
                    }
                }
            }
        }
        Verdict.Color color = !failed.isEmpty()
                ? Verdict.Color.RED
                : pending.isEmpty() && missing.isEmpty() && problems.isEmpty()
                        ? Verdict.Color.GREEN
                        : Verdict.Color.UNDECIDED;
        return new Verdict(color, reported, failed, pending, missing, List.copyOf(problems), remarks, since);
    }

    /** Returns several runs of one check in one line. */
    private static String describe(List<CheckResult> runs) {
        return runs.size() + " runs the worst counts: "
                + runs.stream().map(CheckResult::describeRun).collect(Collectors.joining(", "));
    }

    private static Verdict.Color meaning(CheckStatus status, RequiredCheck check) {
        return switch (status.state().meaning()) {
            case RED -> Verdict.Color.RED;
            case GREEN -> Verdict.Color.GREEN;
            case SKIPPED -> check.acceptSkipped() ? Verdict.Color.GREEN : Verdict.Color.UNDECIDED;
            case UNDECIDED -> Verdict.Color.UNDECIDED;
        };
    }

    /** Returns the rank of a status, higher for worse ones; the worst of several statuses counts. */
    private static int weight(CheckStatus status, RequiredCheck check) {
        return switch (meaning(status, check)) {
            case GREEN -> 0;
            case UNDECIDED -> 1;
            case RED -> 2;
        };
    }
}
