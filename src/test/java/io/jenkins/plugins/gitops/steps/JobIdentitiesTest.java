package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.runtime.JobIdentities;
import java.nio.file.Files;
import java.nio.file.Path;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The two files of the identity of a job, of which one may be written without the other. */
@Tag("sandbox")
class JobIdentitiesTest {

    @RegisterExtension
    private final StepHarness steps = new StepHarness();

    private Path home;
    private Path job;
    private Path counts;

    @BeforeEach
    void begin() {
        home = Jenkins.get().getRootDir().toPath();
        job = home.resolve("jobs/app");
        counts = home.resolve("gitops-waves/job-identities.json");
    }

    private static String identity() {
        return JobIdentities.get().of(new TestJob("app"));
    }

    @Test
    void aJobWhoseFileCouldNotBeWrittenGetsTheSameIdentityTheNextTime() throws Exception {
        Files.createDirectories(job.getParent());
        Files.writeString(job, "the disk is full");
        assertThat(identity()).isEqualTo("app");
        assertThat(counts).doesNotExist();

        Files.delete(job);
        assertThat(identity()).isEqualTo("app");
        assertThat(identity()).isEqualTo("app");
    }

    @Test
    void whatAKillLeftUncountedIsCountedLater() throws Exception {
        assertThat(identity()).isEqualTo("app");
        Files.delete(counts);
        assertThat(identity()).isEqualTo("app");

        Files.move(job, home.resolve("jobs/moved"));
        assertThat(identity()).isEqualTo("app~2");
        Files.delete(counts);
        assertThat(identity()).isEqualTo("app~2");

        Files.move(job, home.resolve("jobs/moved-too"));
        assertThat(identity()).isEqualTo("app~3");
    }

    @Test
    void damagedCountsTakeNoJobItsIdentity() throws Exception {
        assertThat(identity()).isEqualTo("app");
        Files.move(job, home.resolve("jobs/moved"));
        Files.writeString(counts, "{\"app\":");

        assertThat(JobIdentities.get().of(new TestJob("moved"))).isEqualTo("app");
    }
}
