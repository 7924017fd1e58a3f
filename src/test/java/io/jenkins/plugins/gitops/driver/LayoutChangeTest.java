package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The layout of image files is configured anew: one change rewrites those of all waves. */
class LayoutChangeTest extends MemoryDriverTestBase {

    private static final List<String> BEFORE = List.of(
            "images/preview/digests.json",
            "images/preview/tags.json",
            "images/staging/digests.json",
            "images/staging/tags.json");

    private Driver driver;
    private String deployed;

    @BeforeEach
    void deliver() throws Exception {
        driver = scene.driver("before");
        driver.round();
        deliver("app#1", "shop", "v1", "cart", "v1");
        scene.byHand("images/preview/tags.json", scene.text("main", "images/staging/tags.json") + "\n", "-");
        scene.byHand("images/preview/digests.json", scene.text("main", "images/staging/digests.json") + "\n", "-");
        deployed = scene.main();
        assertThat(files("main")).isEqualTo(BEFORE);
    }

    private void configure(Layout layout) throws GitOpsException {
        driver = scene.driver(layout.toString(), scene.with(layout));
        driver.round();
    }

    private String deliver(String order, String... servicesAndVersions) throws Exception {
        SubmittedChange change = scene.announce(driver, order, servicesAndVersions);
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        return scene.main();
    }

    private List<String> files(String branch) {
        return scene.files(branch, "images/");
    }

    private ImageSet images(String wave) throws Exception {
        return driver.state().orElseThrow().waves().stream()
                .filter(each -> each.path().equals(WavePath.of(wave)))
                .findFirst()
                .orElseThrow()
                .images();
    }

    @Test
    void oneChangeRewritesTheFilesOfAllWaves() throws Exception {
        configure(Layout.HELM);

        assertThat(scene.queue()).hasSize(1);
        assertThat(scene.message("auto")).startsWith("chore: keep the images in the layout helm");
        assertThat(files("auto")).containsExactly("images/preview/values.yaml", "images/staging/values.yaml");

        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        driver.round();

        assertThat(scene.main()).isEqualTo(scene.auto());
        assertThat(images("staging")).isEqualTo(RepositoryScene.images("shop", "v1", "cart", "v1"));
        assertThat(images("preview")).isEqualTo(RepositoryScene.images("shop", "v1", "cart", "v1"));
        driver.round();
        assertThat(scene.queue()).isEmpty();
        deliver("app#2", "shop", "v2");
        assertThat(files("main")).containsExactly("images/preview/values.yaml", "images/staging/values.yaml");
        assertThat(images("staging")).isEqualTo(RepositoryScene.images("shop", "v2", "cart", "v1"));
    }

    @Test
    void everyLayoutLeadsToEveryOther() throws Exception {
        for (Layout layout : List.of(Layout.KUSTOMIZE, Layout.HELM, Layout.IMAGES, Layout.TAGS_AND_DIGESTS)) {
            configure(layout);
            scene.report(driver, scene.auto(), CheckState.SUCCESS);
            driver.round();
            assertThat(images("staging")).isEqualTo(RepositoryScene.images("shop", "v1", "cart", "v1"));
        }
        assertThat(files("main")).isEqualTo(BEFORE);
        for (String file : BEFORE) {
            assertThat(scene.text("main", file)).isEqualTo(scene.text(deployed, file));
        }
    }

    @Test
    void whatIsQueuedAndWhatComesMeanwhileStaysRight() throws Exception {
        scene.announce(driver, "app#2", "shop", "v2");
        configure(Layout.KUSTOMIZE);
        scene.announce(driver, "app#3", "cart", "v3");
        String red = scene.queue().get(0);
        scene.report(driver, scene.main(), CheckState.SUCCESS);
        scene.report(driver, red, CheckState.FAILURE);
        scene.clock.turn(Duration.ofMinutes(2));
        driver.round();

        // The change of the layout was made on the evicted one, and stands on main now.
        assertThat(scene.queue()).hasSize(2);
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        driver.round();

        assertThat(images("staging")).isEqualTo(RepositoryScene.images("shop", "v1", "cart", "v3"));
        assertThat(files("main"))
                .containsExactly("images/preview/kustomization.yaml", "images/staging/kustomization.yaml");
    }

    @Test
    void whereCiRefusesItDeliveriesGoOnInTheLayoutThatIsThere() throws Exception {
        configure(Layout.HELM);
        scene.report(driver, scene.main(), CheckState.SUCCESS);
        scene.report(driver, scene.auto(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofMinutes(2));
        driver.round();
        assertThat(scene.queue()).isEmpty();

        deliver("app#2", "shop", "v2");

        assertThat(files("main")).isEqualTo(BEFORE);
        assertThat(images("staging")).isEqualTo(RepositoryScene.images("shop", "v2", "cart", "v1"));
    }

    @Test
    void aRollbackFindsTheSetThatACommitHadInAnotherLayout() throws Exception {
        configure(Layout.HELM);
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        deliver("app#2", "shop", "v2");

        var rolledBack = scene.answer(
                driver,
                new Promote(PromotionRequest.of(Kind.ROLLBACK, "staging", "staging")
                        .revision(deployed)
                        .build()));
        scene.report(driver, rolledBack.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        driver.round();

        assertThat(images("staging")).isEqualTo(RepositoryScene.images("shop", "v1", "cart", "v1"));
        assertThat(files("main")).containsExactly("images/preview/values.yaml", "images/staging/values.yaml");
    }

    @Test
    void filesOfTheUserThatHaveTheNameOfAnotherLayoutAreLeftAlone() throws Exception {
        scene.byHand("images/next/kustomization.yaml", "resources: [a.yaml]\n", "-");
        scene.byHand("images/staging/values.yaml", "replicas: 3\n", "-");
        configure(Layout.IMAGES);

        scene.report(driver, scene.auto(), CheckState.SUCCESS);

        assertThat(files("main"))
                .containsExactly(
                        "images/next/kustomization.yaml",
                        "images/preview/images.json",
                        "images/staging/images.json",
                        "images/staging/values.yaml");
    }

    @Test
    void whatKustomizeWouldMixUpStaysInTheLayoutThatIsThere() throws Exception {
        deliver("app#2", "redis", "8");
        scene.byHand(
                "images/staging/tags.json",
                scene.text("main", "images/staging/tags.json").replace("docker.example.com/cart", "redis"),
                "-");
        scene.byHand(
                "images/staging/digests.json",
                scene.text("main", "images/staging/digests.json").replace("docker.example.com/cart", "redis"),
                "-");
        configure(Layout.KUSTOMIZE);

        assertThat(scene.queue()).isEmpty();
        deliver("app#3", "shop", "v3");
        assertThat(files("main")).isEqualTo(BEFORE);

        SubmittedChange mended = scene.announce(driver, "app#4", "cart", "v4");
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(driver.status(mended.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
    }

    @Test
    void aDeliveryThatKustomizeWouldMixUpIsRefused() throws Exception {
        scene.byHand("other/README.md", "-", "-");
        configure(Layout.KUSTOMIZE);
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        driver.round();
        assertThat(files("main"))
                .containsExactly("images/preview/kustomization.yaml", "images/staging/kustomization.yaml");
        var set = new TreeMap<>(RepositoryScene.images("redis", "8").images());
        set.put("cache", new ImageRef("redis", "7", RepositoryScene.digest("cache")));
        CompletableFuture<SubmittedChange> asked =
                driver.submit(new AppendChange(RepositoryScene.change("app#5", ImageSet.of(set))));
        driver.round();

        assertThat(asked)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("Service cache has the repository redis");
        assertThat(scene.queue()).isEmpty();
    }
}
