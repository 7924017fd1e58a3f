package io.jenkins.plugins.gitops.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.world.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerUptimeTest {

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock();
    private Path file;
    private ControllerUptime uptime;

    @BeforeEach
    void start() {
        file = folder.resolve("new").resolve("uptime.json");
        uptime = started();
    }

    private ControllerUptime started() {
        var controller = new ControllerUptime(() -> file, () -> clock);
        controller.start();
        return controller;
    }

    private Instant later(Duration time) {
        clock.turn(time);
        return clock.instant();
    }

    @Test
    void knowsNoDowntimeAtTheFirstStart() {
        assertThat(uptime.downSince(Instant.EPOCH)).isZero();
    }

    @Test
    void theTimeSinceTheLastBeatIsADowntime() {
        later(Duration.ofMinutes(5));
        uptime.beat();
        Instant killed = later(Duration.ofSeconds(4));
        later(Duration.ofHours(1));

        ControllerUptime again = started();

        assertThat(again.downSince(Instant.EPOCH)).isEqualTo(Duration.ofHours(1).plusSeconds(4));
        assertThat(again.downSince(killed)).isEqualTo(Duration.ofHours(1));
        assertThat(again.downSince(killed.plus(Duration.ofMinutes(20)))).isEqualTo(Duration.ofMinutes(40));
        assertThat(again.downSince(clock.instant())).isZero();
    }

    @Test
    void downtimesAddUp() {
        Instant begin = clock.instant();
        later(Duration.ofMinutes(1));
        ControllerUptime second = started();
        later(Duration.ofMinutes(10));
        second.beat();
        Instant between = later(Duration.ZERO);
        later(Duration.ofMinutes(3));

        ControllerUptime third = started();

        assertThat(third.downSince(begin)).isEqualTo(Duration.ofMinutes(4));
        assertThat(third.downSince(between)).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void aClockThatWasSetBackIsNoDowntime() throws IOException {
        Files.writeString(file, "{\"alive\": \"" + clock.instant().plusSeconds(3600) + "\", \"downtimes\": []}");

        assertThat(started().downSince(Instant.EPOCH)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"alive\": \"yesterday\"}", "{\"alive\": 5}", "{\"downtimes\": [{}]}"})
    void aFileThatCannotBeReadIsWrittenAnew(String damaged) throws IOException {
        Files.writeString(file, damaged);
        later(Duration.ofMinutes(1));

        assertThat(started().downSince(Instant.EPOCH)).isZero();
        later(Duration.ofMinutes(2));
        assertThat(started().downSince(Instant.EPOCH)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aFolderThatCannotBeWrittenStopsNothing() throws IOException {
        Files.delete(file);
        Files.delete(file.getParent());
        Files.createFile(file.getParent());

        uptime.beat();

        assertThat(uptime.downSince(Instant.EPOCH)).isZero();
    }

    @Test
    void manyStartsAreForgottenFromTheOldest() {
        for (int i = 0; i < 250; i++) {
            later(Duration.ofSeconds(1));
            started();
        }

        assertThat(started().downSince(Instant.EPOCH)).isEqualTo(Duration.ofSeconds(200));
    }
}
