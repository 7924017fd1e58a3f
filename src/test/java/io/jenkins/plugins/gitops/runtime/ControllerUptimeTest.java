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

    /** Jenkins runs for a time. */
    private void runs(ControllerUptime controller, Duration time) {
        for (Duration left = time; !left.isZero(); left = left.minus(ControllerUptime.BEAT)) {
            later(ControllerUptime.BEAT);
            controller.beat();
        }
    }

    @Test
    void knowsNoDowntimeAtTheFirstStart() {
        assertThat(uptime.downSince(Instant.EPOCH)).isZero();
    }

    @Test
    void theTimeSinceTheLastBeatIsADowntime() {
        runs(uptime, Duration.ofMinutes(5));
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
        runs(second, Duration.ofMinutes(10));
        Instant between = later(Duration.ZERO);
        later(Duration.ofMinutes(3));

        ControllerUptime third = started();

        assertThat(third.downSince(begin)).isEqualTo(Duration.ofMinutes(4));
        assertThat(third.downSince(between)).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void aProcessThatStandsStillIsDown() {
        runs(uptime, Duration.ofMinutes(2));
        Instant suspended = clock.instant();
        later(Duration.ofMinutes(40));

        assertThat(uptime.downSince(suspended)).isEqualTo(Duration.ofMinutes(40));
        assertThat(uptime.lastDowntimeEnd()).contains(clock.instant());
        runs(uptime, Duration.ofMinutes(2));
        assertThat(uptime.downSince(Instant.EPOCH)).isEqualTo(Duration.ofMinutes(40));
        assertThat(started().downSince(Instant.EPOCH)).isEqualTo(Duration.ofMinutes(40));
    }

    @Test
    void aBusyMachineIsNotDown() {
        later(Duration.ofSeconds(50));

        assertThat(uptime.downSince(Instant.EPOCH)).isZero();
        assertThat(uptime.lastDowntimeEnd()).isEmpty();
    }

    @Test
    void aClockThatWasPutForwardAndBackLeavesNothing() {
        Instant begin = clock.instant();
        later(Duration.ofHours(1));
        assertThat(uptime.downSince(begin)).isEqualTo(Duration.ofHours(1));

        later(Duration.ofHours(-1));

        assertThat(uptime.downSince(begin)).isZero();
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
