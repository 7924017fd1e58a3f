package io.jenkins.plugins.gitops.waves;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** In how many of the previous waves of a wave a set has to be qualified before it may be promoted. */
public enum FanIn {
    /** In each of them. */
    ALL,
    /** In one of them. */
    ANY;

    /**
     * Parses the word of the configuration.
     *
     * @throws IllegalArgumentException with a sentence that names the words
     */
    public static FanIn parse(String word) {
        return Arrays.stream(values())
                .filter(value -> value.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + word + "\" is not known: write "
                        + Arrays.stream(values()).map(FanIn::toString).collect(Collectors.joining(" or ")) + "."));
    }

    /** The word of the configuration. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
