package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.registry.ImageSignature;
import io.jenkins.plugins.gitops.registry.ImageSigner;
import io.jenkins.plugins.gitops.registry.SignaturePolicy;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waves that take signed images only. */
class SignedImagesTest extends MemoryDriverTestBase {

    private static final List<Wave> WAVES = List.of(
            Wave.named("staging").build(),
            Wave.named("production").promotesFrom("staging").build());

    private final Map<String, ImageSignature> known = new HashMap<>();

    private String key;

    @BeforeEach
    void makeKey() throws Exception {
        key = ImageSigner.of("EC").publicKey();
    }

    private Driver driver(String... require) throws GitOpsException {
        Driver driver =
                scene.driver("jenkins", scene.signed(new SignaturePolicy(List.of(key), List.of(require)), WAVES));
        driver.setSignatures(image -> Optional.ofNullable(known.get(image.digestReference())));
        driver.round();
        return driver;
    }

    private PromotionResult promote(Driver driver) throws GitOpsException {
        return scene.answer(
                driver,
                new Promote(PromotionRequest.of(Kind.PROMOTE, "staging", "production")
                        .build()));
    }

    private static PromotionCondition signed(PromotionResult result) {
        return result.conditions().all().stream()
                .filter(condition -> condition.name().equals(PromotionCondition.SIGNED))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSetIsPromotedOnceAllItsImagesAreSigned() throws GitOpsException {
        Driver driver = driver("production");
        SubmittedChange change = scene.announce(driver, "app#1", "cart", "1", "shop", "1");
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        ImageRef cart = RepositoryScene.image("cart", "1");
        ImageRef shop = RepositoryScene.image("shop", "1");

        PromotionResult asking = promote(driver);

        assertThat(asking.submitted()).isEmpty();
        assertThat(signed(asking).seen())
                .isEqualTo("cart: " + cart.digestReference() + " is being looked at; shop: " + shop.digestReference()
                        + " is being looked at.");
        assertThat(asking.conditions().nextLook())
                .contains(scene.clock.instant().plusSeconds(60));

        known.put(cart.digestReference(), ImageSignature.VALID);
        known.put(shop.digestReference(), new ImageSignature(false, "has no signature of cosign in its registry"));
        PromotionResult unsigned = promote(driver);

        assertThat(unsigned.submitted()).isEmpty();
        assertThat(unsigned.conditions().refusal())
                .isEqualTo("signed: shop: " + shop.digestReference() + " has no signature of cosign in its registry.");

        known.put(shop.digestReference(), ImageSignature.VALID);

        assertThat(promote(driver).submitted()).isPresent();
    }

    @Test
    void ofManyUnsignedImagesSomeAreNamed() throws GitOpsException {
        Driver driver = driver("production");
        SubmittedChange change = scene.announce(driver, "app#1", "a", "1", "b", "1", "c", "1", "d", "1", "e", "1");
        scene.report(driver, change.sha(), CheckState.SUCCESS);

        assertThat(signed(promote(driver)).seen())
                .startsWith("a: ")
                .contains("; c: ")
                .endsWith("; and 2 more.");
    }

    @Test
    void threeUnsignedImagesAreAllThereAre() throws GitOpsException {
        Driver driver = driver("production");
        SubmittedChange change = scene.announce(driver, "app#1", "a", "1", "b", "1", "c", "1");
        scene.report(driver, change.sha(), CheckState.SUCCESS);

        assertThat(signed(promote(driver)).seen()).contains("; c: ").endsWith(" is being looked at.");
    }

    @Test
    void aBuildCommitsNoUnsignedImage() throws Exception {
        Driver driver = driver("staging");
        ImageRef shop = RepositoryScene.image("shop", "1");
        NewChange change = RepositoryScene.change("app#1", RepositoryScene.images("shop", "1"));
        CompletableFuture<SubmittedChange> answer = driver.submit(new AppendChange(change));
        driver.round();

        assertThat(answer).as("its registry has not answered").isNotDone();

        known.put(shop.digestReference(), new ImageSignature(false, "has a signature for another digest, sha256:0"));
        driver.round();

        assertThatThrownBy(answer::get)
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContaining("Nothing was committed to staging, which takes signed images only: shop: "
                        + shop.digestReference() + " has a signature for another digest, sha256:0.");
        assertThat(scene.queue()).isEmpty();

        known.put(shop.digestReference(), ImageSignature.VALID);
        scene.announce(driver, "app#1", "shop", "1");

        assertThat(scene.queue()).hasSize(1);
    }

    @Test
    void otherWavesTakeWhatIsNotSigned() throws GitOpsException {
        Driver driver = driver("production");
        scene.announce(driver, "app#1", "shop", "1");

        assertThat(scene.queue()).hasSize(1);
    }

    @Test
    void aWaveThatIsNotThereCannotRequireSignatures() {
        assertThatThrownBy(() -> scene.signed(new SignaturePolicy(List.of(key), List.of("prod")), WAVES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("signatures requires them in \"prod\", which is none of its waves");
    }
}
