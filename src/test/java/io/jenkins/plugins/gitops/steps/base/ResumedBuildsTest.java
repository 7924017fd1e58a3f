package io.jenkins.plugins.gitops.steps.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("sandbox")
class ResumedBuildsTest {

    private final ManualClock clock = new ManualClock();
    private final AtomicBoolean allLoaded = new AtomicBoolean();
    private final BodyTurns.ResumedBuilds builds = new BodyTurns.ResumedBuilds(allLoaded::get);

    @BeforeEach
    void turnTheClock() {
        DriverRegistry.get().setClock(clock);
    }

    /** Jenkins starts, and has run before. */
    private void restart() throws Exception {
        Path uptime = Jenkins.get().getRootDir().toPath().resolve("gitops-waves/uptime.json");
        Files.createDirectories(uptime.getParent());
        Files.writeString(uptime, "{\"alive\": \"" + clock.instant().minus(Duration.ofHours(1)) + "\"}");
    }

    private boolean areAwaitedAfter(Duration time) {
        clock.turn(time);
        return builds.areAwaited();
    }

    @Test
    void noneAreAwaitedWhereJenkinsHasNotRunBefore() {
        assertThat(builds.areAwaited()).isFalse();

        new DriverRegistry.Lifecycle().onLoaded();
        assertThat(builds.areAwaited()).isFalse();
    }

    @Test
    void theyAreAwaitedUntilJenkinsHasStarted() throws Exception {
        restart();
        allLoaded.set(true);
        assertThat(builds.areAwaited()).isTrue();
        assertThat(areAwaitedAfter(Duration.ofMinutes(9))).isTrue();

        new DriverRegistry.Lifecycle().onLoaded();
        assertThat(areAwaitedAfter(Duration.ofSeconds(14))).isTrue();
        assertThat(areAwaitedAfter(Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void theyAreAwaitedUntilAllAreLoadedAndTheirStepsHaveHadTheTime() throws Exception {
        restart();
        new DriverRegistry.Lifecycle().onLoaded();
        assertThat(builds.areAwaited()).isTrue();
        assertThat(areAwaitedAfter(Duration.ofMinutes(5))).isTrue();
        allLoaded.set(true);

        assertThat(areAwaitedAfter(Duration.ofSeconds(14))).isTrue();
        assertThat(areAwaitedAfter(Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void oneThatIsNeverLoadedIsAwaitedForTenMinutes() throws Exception {
        restart();
        new DriverRegistry.Lifecycle().onLoaded();
        assertThat(builds.areAwaited()).isTrue();
        assertThat(areAwaitedAfter(Duration.ofSeconds(599))).isTrue();

        assertThat(areAwaitedAfter(Duration.ofSeconds(1))).isFalse();
    }
}
