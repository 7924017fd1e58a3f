package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A company's day: a short and bad one in every run, whole ones by {@code sandbox/gitops soak}. */
class SoakTest {

    /** Heap that is in use where nothing leaks varies by the caches of JGit and Java. */
    private static final double MORE_MEGABYTES = 32;

    private static final int MORE_THREADS = 6;

    @TempDir
    Path folder;

    @Test
    void daysEndAsTheyShould() throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Integer.getInteger("soak.minutes", 0));
        long seed = Long.getLong("soak.seed", new Random().nextInt(Integer.MAX_VALUE));
        boolean whole = Boolean.getBoolean("soak.whole");
        do {
            Path day = Files.createDirectory(folder.resolve("day-" + seed));
            if (whole) {
                day(day, seed++, 50, 1000, 1);
            } else {
                day(day, seed++, 5, 20, 10);
            }
        } while (System.nanoTime() < end);
    }

    private static void day(Path folder, long seed, int apps, int announcements, int trouble) throws Exception {
        long began = System.nanoTime();
        try (var soak = new SoakScenario(folder, seed, apps, trouble)) {
            try {
                soak.run(announcements, SoakScenario.TICKS_OF_A_DAY * announcements / 1000);
                soak.check();
                assertFlat(soak.footprints());
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("Seed " + seed + ": " + e.getMessage() + "; " + soak, e);
            }
            System.out.printf("Tried: %s; seed %d, %d s%n", soak, seed, (System.nanoTime() - began) / 1_000_000_000);
        }
    }

    /** What is in use at the end is what was in use when everything had been used once. */
    private static void assertFlat(List<SoakScenario.Footprint> footprints) {
        SoakScenario.Footprint warm = footprints.get(footprints.size() / 3);
        SoakScenario.Footprint end = footprints.get(footprints.size() - 1);
        assertThat(end.heapMegabytes()).isLessThan(warm.heapMegabytes() + MORE_MEGABYTES);
        assertThat(end.threads()).isLessThanOrEqualTo(warm.threads() + MORE_THREADS);
    }
}
