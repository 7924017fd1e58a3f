package io.jenkins.plugins.gitops.ci;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** The rule that makes one verdict of many checks: red if one failed, green if all succeeded, else undecided. */
public final class RequiredCheckPolicy {

    private final List<RequiredCheck> required;

    /** Makes the rule; without any required check every commit is green, so the caller decides whether that may be. */
    public RequiredCheckPolicy(List<RequiredCheck> required) {
        this.required = List.copyOf(required);
    }

    /**
     * Judges a commit by the latest that each source said of it. Where several of one source count for one check, a
     * status and a check run of one name for instance, all of them have to succeed.
     *
     * @param heard by the name of the source
     */
    public Verdict judge(Map<String, SourceResponse> heard) {
        var said = new ArrayList<CheckStatus>();
        var failed = new ArrayList<CheckStatus>();
        var pending = new ArrayList<String>();
        var missing = new ArrayList<String>();
        var unheard = new LinkedHashSet<String>();
        Instant since = Instant.EPOCH;
        for (RequiredCheck check : required) {
            SourceResponse source = heard.get(check.source());
            if (source == null || source.unheard() != null) {
                unheard.add(source == null ? check.source() + " cannot be asked here." : source.unheard());
                continue;
            }
            var latest = source.said().stream()
                    .filter(each -> each.isOf(check))
                    .map(CheckResult::status)
                    .max(Comparator.comparing((CheckStatus status) -> weight(status, check))
                            .thenComparing(CheckStatus::at));
            if (latest.isEmpty()) {
                missing.add(check.name());
                continue;
            }
            CheckStatus status = latest.get();
            said.add(status);
            since = status.at().isAfter(since) ? status.at() : since;
            switch (meaning(status, check)) {
                case RED -> failed.add(status);
                case GREEN -> {}
                default -> pending.add(check.name());
            }
        }
        Verdict.Color color = !failed.isEmpty()
                ? Verdict.Color.RED
                : pending.isEmpty() && missing.isEmpty() && unheard.isEmpty()
                        ? Verdict.Color.GREEN
                        : Verdict.Color.UNDECIDED;
        return new Verdict(
                color,
                List.copyOf(said),
                List.copyOf(failed),
                List.copyOf(pending),
                List.copyOf(missing),
                List.copyOf(unheard),
                since);
    }

    private static Verdict.Color meaning(CheckStatus status, RequiredCheck check) {
        return switch (status.state().meaning()) {
            case RED -> Verdict.Color.RED;
            case GREEN -> Verdict.Color.GREEN;
            case SKIPPED -> check.acceptSkipped() ? Verdict.Color.GREEN : Verdict.Color.UNDECIDED;
            case UNDECIDED -> Verdict.Color.UNDECIDED;
        };
    }

    /** The worst speaks for a check. */
    private static int weight(CheckStatus status, RequiredCheck check) {
        return switch (meaning(status, check)) {
            case GREEN -> 0;
            case UNDECIDED -> 1;
            case RED -> 2;
        };
    }
}
