package io.jenkins.plugins.gitops.ci;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The combined result of the required checks of a commit.
 *
 * @param required the newest status of every required check that has reported one
 * @param failed the required checks that failed, in the order of the configuration
 * @param pending the names of the required checks that have reported but not decided
 * @param missing the names of the required checks without any report
 * @param sourceProblems why sources of required checks have not answered, in sentences
 * @param remarks sentences for users about results that decide nothing yet
 * @param since when the last required check reported its status; {@link Instant#EPOCH} if none did
 * @param redAt when the commit turns red if nothing is reported until then; empty if it does not by time alone
 */
public record Verdict(
        Color color,
        List<CheckStatus> required,
        List<CheckStatus> failed,
        List<String> pending,
        List<String> missing,
        List<String> sourceProblems,
        List<String> remarks,
        Instant since,
        Optional<Instant> redAt) {

    public Verdict {
        required = List.copyOf(required);
        failed = List.copyOf(failed);
        pending = List.copyOf(pending);
        missing = List.copyOf(missing);
        sourceProblems = List.copyOf(sourceProblems);
        remarks = List.copyOf(remarks);
    }

    /** A red commit is not merged, a green one may be merged, and an undecided one waits. */
    public enum Color {
        RED,
        GREEN,
        UNDECIDED
    }

    public boolean isRed() {
        return color == Color.RED;
    }

    public boolean isGreen() {
        return color == Color.GREEN;
    }

    /** Returns the failed checks with their states and descriptions, in one line. */
    public String describeFailures() {
        return failed.stream()
                .map(check -> check.context() + " reported " + check.state()
                        + check.description().map(text -> " (" + text + ")").orElse(""))
                .collect(Collectors.joining(", "));
    }

    /** Returns whether all sources have answered and no required check has reported anything. */
    public boolean isSilent() {
        return required.isEmpty() && sourceProblems.isEmpty();
    }
}
