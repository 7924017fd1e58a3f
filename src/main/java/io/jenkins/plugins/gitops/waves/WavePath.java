package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;

/**
 * Where an image set is: the name of its wave, and after a slash its own where sets have names. No name of either has a
 * slash, so that the place of a set without a name is the name of its wave.
 */
public final class WavePath {

    private WavePath() {}

    /** The place of a set, or of the only one in the wave. */
    public static String of(String wave, @Nullable String set) {
        return set == null ? wave : wave + "/" + set;
    }

    public static String wave(String place) {
        int slash = place.indexOf('/');
        return slash < 0 ? place : place.substring(0, slash);
    }

    /** The name of the set, if it has one. */
    @CheckForNull
    public static String set(String place) {
        int slash = place.indexOf('/');
        return slash < 0 ? null : place.substring(slash + 1);
    }
}
