package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Optional;

/**
 * The path of an image set: its wave and, in a repository whose image sets have names, its own name. In such a
 * repository a path without a set stands for the whole wave, as in holds and rollouts of a wave.
 *
 * <p>The text is {@code <wave>} or {@code <wave>/<set>}; neither name contains a slash.
 *
 * @param set the name of the set; empty for the only set of the wave, which has no name, or for the whole wave
 */
public record WavePath(String wave, Optional<String> set) implements Comparable<WavePath> {

    /** The path of a wave, without a set. */
    public static WavePath of(String wave) {
        return new WavePath(wave, Optional.empty());
    }

    /**
     * The path of a set in a wave.
     *
     * @param set the name of the set, or null if it has none
     */
    public static WavePath of(String wave, @Nullable String set) {
        return new WavePath(wave, Optional.ofNullable(set));
    }

    /** Parses the text that {@link #toString()} returns. */
    public static WavePath parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? of(text) : of(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The path of the set of this name in another wave. */
    public WavePath in(String otherWave) {
        return new WavePath(otherWave, set);
    }

    /** The path of the wave as a whole. */
    public WavePath wholeWave() {
        return of(wave);
    }

    @Override
    public int compareTo(WavePath other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return set.map(name -> wave + "/" + name).orElse(wave);
    }
}
