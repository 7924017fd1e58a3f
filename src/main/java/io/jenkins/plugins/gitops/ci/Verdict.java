package io.jenkins.plugins.gitops.ci;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the required checks together say of a commit.
 *
 * @param required the latest of every required check that said anything
 * @param failed the required checks that failed, in the order of the configuration
 * @param pending those that have not decided
 * @param missing those that nobody has reported
 * @param unheard why sources of required checks have not been heard, in sentences
 * @param since when the last required check spoke; {@link Instant#EPOCH} if none did
 */
public record Verdict(
        Color color,
        List<CheckStatus> required,
        List<CheckStatus> failed,
        List<String> pending,
        List<String> missing,
        List<String> unheard,
        Instant since) {

    /** Red stops, green may move main, undecided waits. */
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

    /** The failed checks with their states and descriptions, in one line. */
    public String describeFailures() {
        return failed.stream()
                .map(check -> check.context() + " reported " + check.state()
                        + (check.description() == null ? "" : " (" + check.description() + ")"))
                .collect(Collectors.joining(", "));
    }

    /** Whether no required check has said anything, as far as all of their sources were heard. */
    public boolean isSilent() {
        return required.isEmpty() && unheard.isEmpty();
    }
}
