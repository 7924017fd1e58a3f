package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;

/** What commitConfig makes of a build that images were announced with. */
class AnnouncedCommitTest extends DeliveryStepTestBase {

    private static final String APP_SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";
    private static final String OTHER_SHA = "0".repeat(39) + "1";
    private static final String OTHER_DIGEST = "sha256:" + "b".repeat(64);

    private TestRun announced(String digest, @Nullable String appSha, @Nullable Long order) throws Exception {
        TestRun run = steps.build("acme/deliver");
        run.addAction(new ImageAnnouncement(
                repository.definition().getName(),
                null,
                ImageSet.fromMap(ConfigRepoFixture.images("Service1", digest)),
                appSha,
                order));
        run.save();
        return run;
    }

    @Test
    void writesWhatWasAnnounced() throws Exception {
        steps.with("GIT_COMMIT", OTHER_SHA);

        steps.run(steps.reload(announced(ConfigRepoFixture.DIGEST, APP_SHA, 17L)), "commitConfig", Map.of());

        assertThat(repository.show("auto", "images/staging/digests.json")).contains(ConfigRepoFixture.DIGEST);
        assertThat(repository.trailer("auto", "Autocommit-App-SHA")).isEqualTo(APP_SHA);
        assertThat(repository.trailer("auto", "Autocommit-Order")).isEqualTo("announced:images#17");
    }

    @Test
    void replacesTheSetAndGoesBackWhereTheAnnouncementSaysSo() throws Exception {
        steps.run(announced(ConfigRepoFixture.DIGEST, APP_SHA, 17L), "commitConfig", Map.of());
        ImageAnnouncement announced = new ImageAnnouncement(
                repository.definition().getName(),
                null,
                ImageSet.fromMap(ConfigRepoFixture.images("Service2", ConfigRepoFixture.DIGEST)),
                OTHER_SHA,
                18L);
        steps.run(with(announced.replacing(true)), "commitConfig", Map.of());

        assertThat(repository.trailer("auto", "Autocommit-Operation")).isEqualTo("replace");
        assertThat(repository.show("auto", "images/staging/digests.json"))
                .contains("Service2")
                .doesNotContain("Service1");
        assertThatThrownBy(() -> steps.run(announced(ConfigRepoFixture.DIGEST, APP_SHA, 19L), "commitConfig", Map.of()))
                .hasMessageContainingAll("7d1043473d", "0000000000", "redeliver");

        ImageAnnouncement back = new ImageAnnouncement(
                repository.definition().getName(),
                null,
                ImageSet.fromMap(ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST)),
                APP_SHA,
                20L);
        steps.run(with(back.redelivering(true)), "commitConfig", Map.of());

        assertThat(repository.show("auto", "images/staging/digests.json")).contains("Service1", "Service2");
    }

    private TestRun with(ImageAnnouncement announced) throws Exception {
        TestRun run = steps.build("acme/deliver");
        run.addAction(announced);
        run.save();
        return run;
    }

    @Test
    void addsWhatTheBuildHasRecorded() throws Exception {
        TestRun run = announced(ConfigRepoFixture.DIGEST, APP_SHA, 17L);
        for (String service : List.of("Service1", "Service2")) {
            steps.run(
                    run,
                    "recordImage",
                    Map.of("service", service, "image", "docker.example.com/x", "tag", "2", "digest", OTHER_DIGEST));
        }

        steps.run(run, "commitConfig", Map.of());

        assertThat(repository.show("auto", "images/staging/digests.json"))
                .contains("Service1", "Service2", OTHER_DIGEST)
                .doesNotContain(ConfigRepoFixture.DIGEST);
    }

    @Test
    void whatIsGivenCountsAlone() throws Exception {
        steps.run(
                announced(ConfigRepoFixture.DIGEST, APP_SHA, 17L),
                "commitConfig",
                Map.of("images", ConfigRepoFixture.images("Service1", OTHER_DIGEST)));

        assertThat(repository.show("auto", "images/staging/digests.json")).contains(OTHER_DIGEST);
        assertThat(repository.trailer("auto", "Autocommit-Order")).isEqualTo("acme/deliver#1");
    }

    /** Jenkins moves the folder of a job that is moved or renamed. */
    @Test
    void theOrderOfAJobSurvivesItsMove() throws Exception {
        commit(steps.build("app"), ConfigRepoFixture.DIGEST);
        steps.build("app").save();
        Path jobs = Jenkins.get().getRootDir().toPath().resolve("jobs");
        Files.createDirectories(jobs.resolve("team/jobs"));
        Files.move(jobs.resolve("app"), jobs.resolve("team/jobs/shop"));

        TestRun moved = steps.build("team/shop");
        commit(moved, OTHER_DIGEST);
        assertThat(repository.trailer("auto", "Autocommit-Order")).isEqualTo("app#3");
        TestRun late = new TestRun(
                moved.getParent(), jobs.resolve("team/jobs/shop/builds/2").toFile());
        assertThat(commit(late, ConfigRepoFixture.DIGEST)).containsEntry("superseded", true);
        commit(new TestRun(new TestJob("app")), ConfigRepoFixture.DIGEST);
        assertThat(repository.trailer("auto", "Autocommit-Order")).startsWith("app~2#");
    }

    private Map<String, Object> commit(TestRun run, String digest) throws Exception {
        return steps.start(run, "commitConfig", Map.of("images", ConfigRepoFixture.images("Service1", digest)))
                .result();
    }

    @Test
    void withoutANumberTheBuildsOwnCounts() throws Exception {
        steps.run(announced(ConfigRepoFixture.DIGEST, null, null), "commitConfig", Map.of());

        assertThat(repository.trailer("auto", "Autocommit-Order")).isEqualTo("acme/deliver#1");
    }

    /** Announcement 17 came late, and its build began after that of 18 had delivered. */
    @Test
    void anOlderAnnouncementThatComesLaterReplacesNothing() throws Exception {
        steps.run(announced(ConfigRepoFixture.DIGEST, APP_SHA, 18L), "commitConfig", Map.of());

        var late = steps.start(announced(OTHER_DIGEST, OTHER_SHA, 17L), "commitConfig", Map.of())
                .result();

        assertThat(late).containsEntry("superseded", true);
        assertThat(repository.show("auto", "images/staging/digests.json")).contains(ConfigRepoFixture.DIGEST);
    }

    @Test
    void aSetThatCannotBeWrittenYetIsRefused() throws Exception {
        TestRun run = steps.build("acme/deliver");
        run.addAction(new ImageAnnouncement(
                repository.definition().getName(),
                "web",
                ImageSet.fromMap(ConfigRepoFixture.images("Service1", OTHER_DIGEST)),
                null,
                null));

        assertThatThrownBy(() -> steps.run(run, "commitConfig", Map.of()))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("\"web\"");
    }
}
