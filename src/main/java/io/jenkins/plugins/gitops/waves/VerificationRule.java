package io.jenkins.plugins.gitops.waves;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A verification of each set that a wave runs: a job that is started for it, or a result that is reported from outside.
 *
 * @param name names it within its wave
 * @param job the full name of the job; empty if the result is reported
 * @param timeout how long the job may take
 * @param retries how often the job is started again after a failure
 * @param onFailure what follows from a failure, besides that the set is unwell
 */
public record VerificationRule(String name, Optional<String> job, Duration timeout, int retries, OnFailure onFailure) {

    /** The largest number of retries: what fails more often is broken. */
    public static final int MAX_RETRIES = 10;

    /** What follows from a verification that failed, besides that the set is unwell and is not promoted. */
    public enum OnFailure {
        /** Nothing more. */
        NONE,
        /** The wave is held. */
        HOLD,
        /** The images that the set brought are rejected. */
        REJECT,
        /** The wave is rolled back to the newest set that was verified there, and held. */
        ROLLBACK;

        /**
         * Parses the word of the configuration.
         *
         * @throws IllegalArgumentException with a sentence that names the words
         */
        public static OnFailure parse(String word) {
            return Arrays.stream(values())
                    .filter(value -> value.toString().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("\"" + word + "\" is not known; use one of "
                            + Arrays.stream(values()).map(OnFailure::toString).collect(Collectors.joining(", "))
                            + "."));
        }

        /** The word of the configuration. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The names of verifications. */
    public static List<String> names(List<VerificationRule> rules) {
        return rules.stream().map(VerificationRule::name).toList();
    }
}
