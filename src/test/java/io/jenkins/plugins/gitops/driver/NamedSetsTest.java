package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.WaveFrozen;
import io.jenkins.plugins.gitops.delivery.ChangePreview;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.DuePromotion;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.explain.WhyReport;
import io.jenkins.plugins.gitops.explain.WrittenState;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several sets in one repository, each of which moves by itself. */
class NamedSetsTest extends MemoryDriverTestBase {

    private static final Wave STAGING = Wave.named("staging")
            .targets(new TargetSelection(DeployedApplications.SERVER, List.of("staging-1"), ""))
            .build();
    private static final Wave INTERNAL =
            Wave.named("internal").promotesFrom("staging").build();

    private RepositorySettings settings;
    private Driver driver;

    @BeforeEach
    void begin() throws GitOpsException {
        settings = scene.settings(List.of(STAGING, INTERNAL), List.of("shop", "blog"));
        driver = scene.driver("jenkins", settings);
        driver.round();
    }

    private static NewChange change(ChangeOperation operation, String set, String order, ImageSet images) {
        return new NewChange(
                RepositoryScene.trailers(operation, WavePath.of("staging", set), order)
                        .build(),
                images);
    }

    private SubmittedChange append(ChangeOperation operation, String set, String order, ImageSet images)
            throws GitOpsException {
        return scene.answer(driver, new AppendChange(change(operation, set, order, images)));
    }

    private ChangePreview dryRun(String set) throws GitOpsException {
        NewChange change = change(ChangeOperation.ANNOUNCE, set, "app#1", RepositoryScene.images("api", "s1"));
        return scene.answer(driver, new PreviewChange(change));
    }

    @Test
    void aDryRunIsForTheSetThatIsNamed() throws Exception {
        assertThat(dryRun("shop").diff()).contains("+++ b/images/staging/shop/tags.json");
        assertThatThrownBy(() -> dryRun("news"))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("no image set \"news\"");
        assertThatThrownBy(() -> dryRun(null))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("which image set is meant");
    }

    private String land(SubmittedChange change) throws GitOpsException {
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(change.sha());
        return scene.main();
    }

    private String tags(String path) {
        return scene.text("main", path + "/tags.json");
    }

    @Test
    void eachLiesInAFolderOfItsOwnAndIsNamedByATrailer() throws Exception {
        append(ChangeOperation.ANNOUNCE, "shop", "app#1", RepositoryScene.images("api", "s1"));
        SubmittedChange blog = append(ChangeOperation.ANNOUNCE, "blog", "app#1", RepositoryScene.images("api", "b1"));
        land(blog);

        assertThat(tags("images/staging/shop")).contains("api:s1");
        assertThat(tags("images/staging/blog")).contains("api:b1");
        assertThat(scene.files("main", "images"))
                .as("nothing lies where a set without a name would")
                .doesNotContain("images/staging/tags.json");
        assertThat(scene.message("main").lines()).contains("Autocommit-Target: staging", "Autocommit-Set: blog");
        assertThat(scene.state(blog.id())).contains("\"set\": \"blog\"", "\"target\": \"staging\"");
    }

    @Test
    void oneIsReplacedAndReplayedWithoutTheOther() throws Exception {
        land(append(ChangeOperation.ANNOUNCE, "shop", "app#1", RepositoryScene.images("api", "s1", "web", "s1")));
        land(append(ChangeOperation.ANNOUNCE, "blog", "app#1", RepositoryScene.images("api", "b1", "web", "b1")));
        SubmittedChange bad = append(ChangeOperation.ANNOUNCE, "blog", "app#2", RepositoryScene.images("api", "bad"));
        SubmittedChange replaced =
                append(ChangeOperation.REPLACE, "shop", "app#3", RepositoryScene.images("api", "s3"));
        assertThat(scene.answer(driver, new EvictChange(bad.id(), "not wanted")))
                .isTrue();
        scene.report(driver, scene.auto(), CheckState.SUCCESS);

        assertThat(driver.status(replaced.id()).orElseThrow().outcome()).isPresent();
        assertThat(tags("images/staging/shop")).contains("api:s3").doesNotContain("web");
        assertThat(tags("images/staging/blog")).contains("api:b1", "web:b1");
    }

    @Test
    void aLaterBuildOfOneDoesNotSupersedeAnEarlierOfTheOther() throws Exception {
        append(ChangeOperation.ANNOUNCE, "shop", "app#9", RepositoryScene.images("api", "s9"));

        assertThat(append(ChangeOperation.ANNOUNCE, "blog", "app#1", RepositoryScene.images("api", "b1"))
                        .superseded())
                .isFalse();
        assertThat(append(ChangeOperation.ANNOUNCE, "shop", "app#8", RepositoryScene.images("api", "s8"))
                        .superseded())
                .isTrue();
    }

    @Test
    void oneIsPromotedWithoutTheOtherAndWhatRunsIsWrittenDownForEach() throws Exception {
        append(ChangeOperation.ANNOUNCE, "shop", "app#1", RepositoryScene.images("api", "s1"));
        String deployed = land(append(ChangeOperation.ANNOUNCE, "blog", "app#1", RepositoryScene.images("api", "b1")));
        scene.applications.run(deployed, "staging-1");
        driver.round();

        String state = settings.stateRef();
        assertThat(scene.files(state, "waves")).containsExactly("waves/staging/blog.json", "waves/staging/shop.json");
        land(promote(INTERNAL, "shop", null).submitted().orElseThrow());

        assertThat(tags("images/internal/shop")).contains("api:s1");
        assertThat(scene.files("main", "images/internal")).doesNotContain("blog");
        JsonNode waves = Json.parse(
                        WrittenState.of(driver.state().orElseThrow()).getBytes(StandardCharsets.UTF_8))
                .path("waves");
        assertThat(waves.findValuesAsText("name")).contains("staging", "shop", "blog", "internal");
        assertThat(waves).hasSize(2);
        assertThat(waves.path(0).path("sets")).hasSize(2);
        JsonNode next = waves.path(1).path("sets").path(1).path("next");
        assertThat(next.path("services").path(0).asText()).isEqualTo("api");
        assertThat(waves.path(1).path("sets").path(0).path("next").path("services"))
                .isEmpty();
    }

    @Test
    void aWaveTellsWhyForEach() throws Exception {
        land(append(ChangeOperation.ANNOUNCE, "shop", "app#1", RepositoryScene.images("api", "s1")));
        append(ChangeOperation.ANNOUNCE, "blog", "app#1", RepositoryScene.images("api", "b1"));

        try (ConfigRepoClone clone = scene.clone("why")) {
            WhyReport why = WhyReport.read(settings, clone, scene.clock);
            assertThat(why.ask("staging/shop").orElseThrow()).isInstanceOf(WhyReport.WaveAnswer.class);
            var staging = (WhyReport.SetsAnswer) why.ask("staging").orElseThrow();
            assertThat(staging.sets())
                    .extracting(set -> set.wave().path().toString())
                    .containsExactly("staging/shop", "staging/blog");
            assertThat(staging.sets()).extracting(set -> set.queued().size()).containsExactly(0, 1);
        }
    }

    private PromotionResult promote(Wave to, String set, String revision) throws GitOpsException {
        return scene.answer(
                driver,
                new Promote(PromotionRequest.of(PromotionRequest.Kind.PROMOTE, STAGING.name(), to.name())
                        .set(set)
                        .revision(revision)
                        .build()));
    }

    @Test
    void anImageIsRejectedInAllOfThem() throws Exception {
        append(ChangeOperation.ANNOUNCE, "shop", "app#1", RepositoryScene.images("api", "1"));
        SubmittedChange second = append(ChangeOperation.ANNOUNCE, "blog", "app#1", RepositoryScene.images("api", "1"));
        scene.applications.run(land(second), "staging-1");
        driver.round();
        scene.answer(
                driver,
                new ApplyStateCommand(new StateCommand.RejectImages(
                        List.of(RepositoryScene.digest("api:1")), "it leaks", "Ada", scene.clock.instant())));

        for (String set : List.of("shop", "blog")) {
            assertThat(promote(INTERNAL, set, null).conditions().refusal())
                    .contains(PromotionCondition.REJECTED, "api", "it leaks");
        }
    }

    private List<String> due() throws IOException {
        return DuePromotion.in(driver.state().orElseThrow(), "staging", "internal").stream()
                .map(due -> due.path().toString())
                .toList();
    }

    @Test
    void eachSoaksIsFrozenAndPromotedByItself() throws Exception {
        Duration soak = Duration.ofMinutes(30);
        var gates = Gates.builder().soak(soak).freeze(true).build();
        var internal =
                Wave.named("internal").promotesFrom("staging").gates(gates).build();
        driver = scene.driver("soaking", scene.settings(List.of(STAGING, internal), List.of("shop", "blog")));
        driver.round();
        String shop = land(append(ChangeOperation.ANNOUNCE, "shop", "app#1", RepositoryScene.images("api", "s1")));
        scene.applications.run(shop, "staging-1");
        driver.round();
        scene.clock.turn(Duration.ofMinutes(20));
        String blog = land(append(ChangeOperation.ANNOUNCE, "blog", "app#1", RepositoryScene.images("api", "b1")));
        scene.applications.run(blog, "staging-1");
        driver.round();
        Instant blogEnd = scene.clock.instant().plus(soak);

        assertThatThrownBy(() -> append(ChangeOperation.ANNOUNCE, "shop", "app#2", RepositoryScene.images("api", "s2")))
                .hasCauseInstanceOf(WaveFrozen.class)
                .hasMessageContaining("soaks in staging/shop for internal/shop");
        scene.clock.turn(Duration.ofMinutes(10));
        driver.round();
        assertThat(due()).containsExactly("internal/shop");
        assertThat(promote(internal, "blog", null).conditions().nextLook()).contains(blogEnd);
        land(promote(internal, "shop", shop).submitted().orElseThrow());
        assertThat(tags("images/internal/shop")).contains("api:s1");
        land(append(ChangeOperation.ANNOUNCE, "shop", "app#2", RepositoryScene.images("api", "s2")));

        scene.clock.turn(Duration.ofMinutes(20));
        driver.round();
        assertThat(due()).containsExactly("internal/blog");
        var hold = new StateCommand.HoldWave(
                "internal", new Hold("Ada", "a fair", scene.clock.instant(), Optional.empty()));
        scene.answer(driver, new ApplyStateCommand(hold));
        assertThat(promote(internal, "blog", null).conditions().refusal()).contains("a fair");
        scene.answer(driver, new ApplyStateCommand(new StateCommand.ReleaseWave("internal", Optional.empty(), "Ada")));
        land(promote(internal, "blog", null).submitted().orElseThrow());
        assertThat(tags("images/internal/blog")).contains("api:b1");
        assertThat(tags("images/internal/shop")).contains("api:s1");
        assertThat(scene.files(settings.stateRef(), "waves"))
                .contains("waves/internal/blog.json", "waves/internal/shop.json", "waves/internal.json");
    }

    @Test
    void whatOneBroughtIsNotSupersededByWhatTheOtherBrings() throws Exception {
        String shop = land(append(ChangeOperation.ANNOUNCE, "shop", "app#1", RepositoryScene.images("api", "s1")));
        String blog = land(append(ChangeOperation.ANNOUNCE, "blog", "app#1", RepositoryScene.images("api", "b1")));
        scene.applications.run(blog, "staging-1");

        assertThat(driver.rollout(WavePath.of("staging", "shop"), Optional.of(shop))
                        .deployed())
                .isPresent();
        assertThat(driver.rollout(WavePath.of("staging"), Optional.of(shop)).superseded())
                .as("all together are others")
                .isTrue();
        assertThat(driver.rollout(WavePath.of("staging", "news"), Optional.of(shop))
                        .reason())
                .contains("no image set \"news\"");
        land(promote(INTERNAL, "shop", shop).submitted().orElseThrow());
        assertThat(tags("images/internal/shop")).contains("api:s1");
    }

    @Test
    void aSetThatIsNotNamedOrNotThereIsRefused() {
        assertThatThrownBy(() -> append(ChangeOperation.ANNOUNCE, null, "app#1", RepositoryScene.images("api", "v1")))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("it has shop, blog");
        assertThatThrownBy(() -> append(ChangeOperation.ANNOUNCE, "news", "app#1", RepositoryScene.images("api", "v1")))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("no image set \"news\"");
        assertThat(settings.imageSet(Optional.of("blog"))).contains("blog");
        assertThat(scene.settings(List.of(STAGING), List.of("shop")).imageSet(Optional.empty()))
                .as("the only one needs no naming")
                .contains("shop");
        assertThat(scene.settings().imageSet(Optional.empty())).isEmpty();
        assertThatThrownBy(() -> scene.settings().imageSet(Optional.of("shop"))).hasMessageContaining("leave set: out");
    }

    private void report(boolean passed) throws GitOpsException {
        scene.answer(
                driver,
                new ApplyStateCommand(new StateCommand.ReportVerification(
                        WavePath.of("staging", "shop"),
                        "load",
                        Optional.empty(),
                        passed,
                        "k6",
                        "",
                        "",
                        scene.clock.instant())));
    }

    @Test
    void noneIsRolledBackWhileNobodyKnowsWhetherItsWaveIsHeld() throws Exception {
        var load = new VerificationRule(
                "load", Optional.empty(), Duration.ofMinutes(5), 0, VerificationRule.OnFailure.ROLLBACK);
        Wave verified = Wave.named("staging")
                .gates(Gates.builder().verifications(List.of(load)).build())
                .build();
        driver = scene.driver("verified", scene.settings(List.of(verified, INTERNAL), List.of("shop", "blog")));
        land(append(ChangeOperation.ANNOUNCE, "shop", "app#1", RepositoryScene.images("api", "s1")));
        driver.round();
        report(true);
        land(append(ChangeOperation.ANNOUNCE, "shop", "app#2", RepositoryScene.images("api", "s2")));
        driver.round();
        SubmittedChange newer = append(ChangeOperation.ANNOUNCE, "shop", "app#3", RepositoryScene.images("api", "s3"));
        report(false);
        scene.move("refs/heads/broken", settings.stateRef());
        scene.byHand("broken", "waves/staging.json", "{broken", "Break it");
        scene.move(settings.stateRef(), "refs/heads/broken");

        scene.answer(driver, new EvictChange(newer.id(), "not wanted"));
        driver.round();

        assertThat(scene.queue()).isEmpty();
    }
}
