package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.world.GitCli;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a change means is kept whole, however many services it sets and however long their names are. */
class ManyServicesLimitsTest extends DriverTestBase {

    private Driver driver;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver("jenkins");
        driver.round();
    }

    private static List<String> services(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "service-%04d-".formatted(i) + "x".repeat(87))
                .toList();
    }

    private static ImageSet images(List<String> services, String version) {
        Map<String, ImageRef> images = new TreeMap<>();
        services.forEach(service -> images.put(service, RepositoryScene.image("api", version)));
        return ImageSet.of(images);
    }

    private SubmittedChange announce(String order, ImageSet images) throws GitOpsException {
        return scene.answer(driver, new AppendChange(RepositoryScene.change(order, images)));
    }

    @Test
    void twentyThousandRejectionsWithLongReasonsAreDrivenOn() throws Exception {
        String reason = "x".repeat(1000);
        List<String> digests = IntStream.range(0, 20_000)
                .mapToObj(i -> "sha256:%064x".formatted(i))
                .toList();
        for (int from = 0; from < digests.size(); from += 10_000) {
            List<String> batch = digests.subList(from, from + 10_000);
            scene.answer(
                    driver,
                    new ApplyStateCommand(
                            new StateCommand.RejectImages(batch, reason, "somebody", scene.clock.instant())));
        }
        SubmittedChange change = announce("app#1", images(services(1), "v1"));
        scene.report(driver, change.sha(), CheckState.SUCCESS);

        assertThat(versionsOnMain(1)).isEqualTo(Map.of("v1", 1L));
        ImageSet bad = ImageSet.of(Map.of(
                "api",
                ImageRef.of(
                        "api", null, "docker.example.com/api:bad", "docker.example.com/api@" + digests.get(7_777))));
        assertThatThrownBy(() -> announce("app#2", bad))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining(digests.get(7_777))
                .hasMessageContaining("rejected by somebody");
        assertThat(driver.state().orElseThrow().rejections().byDigest()).hasSize(1000);
    }

    @Test
    void rejectionsOfTheFormerSingleFileStillCount() throws Exception {
        String digest = RepositoryScene.image("api", "v1").digest();
        scene.byHand(
                "former",
                "rejected.json",
                Json.write(Map.of(
                        "images",
                        List.of(Map.of(
                                "digest", digest, "reason", "it leaks", "by", "Ada", "at", "2026-01-01T00:00:00Z")))),
                "The state as it was");
        scene.git("update-ref", "refs/gitops-waves/main/state", "refs/heads/former");

        assertThatThrownBy(() -> announce("app#1", images(services(1), "v1")))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("rejected by Ada at 2026-01-01T00:00:00Z: it leaks");

        scene.answer(
                driver,
                new ApplyStateCommand(new StateCommand.RejectImages(
                        List.of(digest, RepositoryScene.digest("other")), "slow", "Bob", scene.clock.instant())));
        assertThat(driver.state().orElseThrow().rejections().byDigest())
                .hasSize(2)
                .hasEntrySatisfying(
                        digest, rejection -> assertThat(rejection.by()).isEqualTo("Ada"));
    }

    @Test
    void aReasonThatIsLongerThanWhatIsKeptIsRefusedAndNothingIsWritten() throws Exception {
        String state = "refs/gitops-waves/main/state";
        announce("app#1", images(services(1), "v1"));
        String reason = "x".repeat(1001);
        Instant now = scene.clock.instant();
        for (StateCommand command : List.of(
                new StateCommand.RejectImages(List.of(RepositoryScene.digest("a")), reason, "somebody", now),
                new StateCommand.HoldWave("staging", new Hold("somebody", reason, now, Optional.empty())),
                new StateCommand.ReleaseWave("staging", Optional.of(reason), "somebody"))) {
            assertThatThrownBy(() -> scene.answer(driver, new ApplyStateCommand(command)))
                    .hasCauseInstanceOf(RequestRefused.class)
                    .hasMessageContaining("The reason is 1001 characters long; write at most 1000");
        }
        assertThat(scene.refExists(state)).isFalse();
        driver.round();
    }

    private Map<String, Long> versionsOnMain(int services) {
        String tags = scene.git("show", "main:images/staging/tags.json");
        Map<String, Long> versions = tags.lines()
                .filter(line -> line.contains("service-"))
                .collect(Collectors.groupingBy(
                        line -> line.replaceAll(".*:([^\":]+)\",?$", "$1"), Collectors.counting()));
        assertThat(versions.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(services);
        return versions;
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 2000})
    void aReplayedAnnouncementBringsAllOfItsServices(int count) throws Exception {
        SubmittedChange change = announce("app#1", images(services(count), "v1"));
        scene.byHand("docs.md", "hello\n", "Write docs");
        driver.round();
        assertThat(scene.auto()).isNotEqualTo(change.sha());

        scene.report(driver, scene.auto(), CheckState.SUCCESS);

        assertThat(versionsOnMain(count)).isEqualTo(Map.of("v1", (long) count));
    }

    @Test
    void anOlderBuildReplacesNoneOfManyServices() throws Exception {
        SubmittedChange newer = announce("app#7", images(services(100), "v7"));
        scene.report(driver, newer.sha(), CheckState.SUCCESS);

        SubmittedChange older = announce("app#6", images(services(100), "v6"));

        assertThat(older.superseded()).isTrue();
        assertThat(versionsOnMain(100)).isEqualTo(Map.of("v7", 100L));
    }

    @Test
    void ofAnOlderBuildOnlyWhatNoNewerOneWroteLandsAndGitReadsTheSameServices() throws Exception {
        List<String> all = services(150);
        announce("app#7", images(all.subList(0, 100), "v7"));
        SubmittedChange older = announce("app#6", images(all, "v6"));
        String message = scene.git("log", "-1", "--format=%B", older.sha());

        ChangeTrailers trailers = ChangeTrailers.read(message).orElseThrow();
        assertThat(trailers.services()).containsExactlyElementsOf(all.subList(100, 150));
        String byGit = GitCli.run(Map.of(), message, root, "interpret-trailers", "--parse")
                .lines()
                .filter(line -> line.startsWith("Autocommit-Services: "))
                .findFirst()
                .orElseThrow();
        assertThat(byGit).isEqualTo("Autocommit-Services: " + String.join(", ", all.subList(100, 150)));

        scene.report(driver, older.sha(), CheckState.SUCCESS);
        assertThat(versionsOnMain(150)).isEqualTo(Map.of("v7", 100L, "v6", 50L));
        assertThat(driver.status(older.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
    }

    @Test
    void aChangeWhoseMessageWouldNotBeReadBackIsRefusedBeforeAnythingIsPushed() throws Exception {
        String before = scene.git("for-each-ref");

        assertThatThrownBy(() -> announce("app#1", images(services(43_000), "v1")))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("Nothing was committed to staging. The commit message of the change would be")
                .hasMessageContaining("Autocommit-Services alone has");
        assertThat(scene.git("for-each-ref")).isEqualTo(before);
    }

    @Test
    void aLateBuildIsFoundOlderBelowAnyAmountOfLongMessages() throws Exception {
        SubmittedChange newer = announce("app#7", images(services(3), "v7"));
        scene.report(driver, newer.sha(), CheckState.SUCCESS);
        String tip = scene.main();
        for (int i = 0; i < 20; i++) {
            String message = "Explain " + i + "\n\n" + "a long line of a message\n".repeat(300_000);
            tip = GitCli.run(Map.of(), message, scene.remote, "commit-tree", tip + "^{tree}", "-p", tip)
                    .strip();
        }
        scene.git("update-ref", "refs/heads/main", tip);

        Driver other = scene.driver("other");
        SubmittedChange older =
                scene.answer(other, new AppendChange(RepositoryScene.change("app#6", images(services(3), "v6"))));

        assertThat(older.superseded()).isTrue();
    }

    @Test
    void aCommitOfOthersWithALongerMessageThanAnyChangeIsDrivenAsOneMadeByHand() throws Exception {
        SubmittedChange change = announce("app#1", images(services(3), "v1"));
        String message = scene.git("log", "-1", "--format=%B", change.sha()) + "\n";
        String longer = "x".repeat(4 << 20) + message.substring(message.indexOf('\n'));
        String tip = GitCli.run(Map.of(), longer, scene.remote, "commit-tree", "main^{tree}", "-p", "main")
                .strip();
        scene.git("update-ref", "refs/heads/auto", tip);

        scene.report(driver, tip, CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(tip);
        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.LOST);
    }
}
