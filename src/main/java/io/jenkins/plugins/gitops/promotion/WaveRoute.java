package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.waves.FanIn;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Optional;

/**
 * The waves of a promotion, looked up in the settings.
 *
 * @param from the waves whose sets are looked at; of a rollback the wave itself
 * @param to the wave that is written
 * @param set the name of the image set; empty if the only one has none
 */
record WaveRoute(List<Wave> from, Wave to, Optional<String> set) {

    /** Whether a set has to be qualified in each of the waves. */
    boolean needsAll() {
        return to.fanIn() == FanIn.ALL;
    }

    WavePath toPath() {
        return path(to);
    }

    /** The path of the image set in a wave. */
    WavePath path(Wave wave) {
        return new WavePath(wave.name(), set);
    }
}
