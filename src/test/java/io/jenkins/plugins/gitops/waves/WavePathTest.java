package io.jenkins.plugins.gitops.waves;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WavePathTest {

    @Test
    void readsTheTextThatItWrites() {
        assertThat(WavePath.parse("staging")).isEqualTo(WavePath.of("staging")).hasToString("staging");
        assertThat(WavePath.parse("staging/shop"))
                .isEqualTo(WavePath.of("staging", "shop"))
                .hasToString("staging/shop");
        assertThat(WavePath.of("staging", null)).isEqualTo(WavePath.of("staging"));
    }

    @Test
    void leadsToTheSameSetInAnotherWaveAndToTheWholeWave() {
        WavePath path = WavePath.of("staging", "shop");

        assertThat(path.in("internal")).hasToString("internal/shop");
        assertThat(path.wholeWave()).hasToString("staging");
        assertThat(WavePath.of("staging").in("internal")).hasToString("internal");
    }
}
