package io.jenkins.plugins.gitops.ci;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The state of a check of a commit, by the names that GitHub uses for commit statuses and for the conclusions of check
 * runs; the names of the other forges are a subset.
 */
public enum CheckState {
    PENDING(Meaning.UNDECIDED),
    SUCCESS(Meaning.GREEN),
    FAILURE(Meaning.RED),
    ERROR(Meaning.BROKEN),
    TIMED_OUT(Meaning.BROKEN),
    NEUTRAL(Meaning.SKIPPED),
    SKIPPED(Meaning.SKIPPED),
    CANCELLED(Meaning.UNDECIDED),
    STALE(Meaning.UNDECIDED),
    ACTION_REQUIRED(Meaning.UNDECIDED);

    /**
     * The effect on a verdict; {@code SKIPPED} is green if the check accepts skipped runs, else undecided. {@code
     * BROKEN} is a run that broke down before it found anything: undecided at first, see {@link RequiredCheckPolicy}.
     */
    enum Meaning {
        GREEN,
        RED,
        BROKEN,
        SKIPPED,
        UNDECIDED
    }

    private final Meaning meaning;

    CheckState(Meaning meaning) {
        this.meaning = meaning;
    }

    Meaning meaning() {
        return meaning;
    }

    /**
     * Parses a state of a Jenkinsfile or a status: {@code success}, {@code timed_out}, in upper or lower case.
     *
     * @throws IllegalArgumentException with a sentence for users that lists the states
     */
    public static CheckState parse(String word) {
        return Arrays.stream(values())
                .filter(state -> state.name().equalsIgnoreCase(word.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + word
                        + "\" is not a state of a check: use one of "
                        + Arrays.stream(values()).map(CheckState::toString).collect(Collectors.joining(", ")) + "."));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
