package io.jenkins.plugins.gitops.ci;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The rule that makes one verdict of many checks: red if one failed, green if all succeeded, else undecided. */
public final class RequiredChecks {

    private final List<RequiredCheck> required;

    /** Makes the rule; without any required check every commit is green, so the caller decides whether that may be. */
    public RequiredChecks(List<RequiredCheck> required) {
        this.required = List.copyOf(required);
    }

    /** Judges a commit by the latest status of each of its checks. */
    public Verdict judge(Collection<CheckStatus> statuses) {
        var said = new ArrayList<CheckStatus>();
        var failed = new ArrayList<CheckStatus>();
        var pending = new ArrayList<String>();
        var missing = new ArrayList<String>();
        Instant since = Instant.EPOCH;
        for (RequiredCheck check : required) {
            var latest = statuses.stream()
                    .filter(status -> status.context().equals(check.name()))
                    .findFirst();
            if (latest.isEmpty()) {
                missing.add(check.name());
                continue;
            }
            CheckStatus status = latest.get();
            said.add(status);
            since = status.at().isAfter(since) ? status.at() : since;
            switch (status.state().meaning()) {
                case RED -> failed.add(status);
                case GREEN -> {}
                case SKIPPED -> {
                    if (!check.acceptSkipped()) {
                        pending.add(check.name());
                    }
                }
                case UNDECIDED -> pending.add(check.name());
            }
        }
        Verdict.Color color = !failed.isEmpty()
                ? Verdict.Color.RED
                : pending.isEmpty() && missing.isEmpty() ? Verdict.Color.GREEN : Verdict.Color.UNDECIDED;
        return new Verdict(
                color, List.copyOf(said), List.copyOf(failed), List.copyOf(pending), List.copyOf(missing), since);
    }
}
