package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RunCommand;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.world.GitCli;
import java.util.List;
import java.util.Map;
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
    void thousandsOfRejectionsAreReadBackAndTheRepositoryIsDrivenOn() throws Exception {
        String reason = "leaks what it is told: ".repeat(40);
        for (int batch = 0; batch < 5; batch++) {
            int from = batch * 1000;
            List<String> digests = IntStream.range(from, from + 1000)
                    .mapToObj(i -> RepositoryScene.digest("rejected " + i))
                    .toList();
            scene.answer(
                    driver,
                    new RunCommand(
                            new StateCommand.RejectImages(digests, null, reason, "somebody", scene.clock.instant())));
        }
        assertThat(scene.git("show", "refs/gitops-waves/main/state:rejected.json")
                        .length())
                .isGreaterThan(4 << 20);

        SubmittedChange change = announce("app#1", images(services(1), "v1"));
        scene.report(driver, change.sha(), CheckState.SUCCESS);

        assertThat(versionsOnMain(1)).isEqualTo(Map.of("v1", 1L));
    }

    @Test
    void whatWouldMakeTheStateTooLargeToReadIsRefusedAndNothingIsWritten() throws Exception {
        String state = "refs/gitops-waves/main/state";
        announce("app#1", images(services(1), "v1"));
        boolean stateBefore = scene.refExists(state);
        List<String> digests = IntStream.range(0, 20_000)
                .mapToObj(i -> RepositoryScene.digest("rejected " + i))
                .toList();
        var reject = new StateCommand.RejectImages(digests, null, "x".repeat(1000), "somebody", scene.clock.instant());

        assertThatThrownBy(() -> scene.answer(driver, new RunCommand(reject)))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("rejected.json")
                .hasMessageContaining("16 MiB");

        assertThat(scene.refExists(state)).isEqualTo(stateBefore);
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
}
