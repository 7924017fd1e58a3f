package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SignaturesDefinition;
import io.jenkins.plugins.gitops.registry.FakeRegistry;
import io.jenkins.plugins.gitops.registry.ImageSigner;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps that write into a wave that takes signed images only, with a registry that wants a password. */
class SignedImagesStepTest extends DeliveryStepTestBase {

    private FakeRegistry registry;
    private ImageSigner signer;

    @BeforeEach
    void requireSignatures() throws Exception {
        registry = new FakeRegistry();
        registry.login(FakeRegistry.Login.BASIC);
        signer = ImageSigner.of("EC");
        TestCredentials.add("pull", FakeRegistry.USER, FakeRegistry.PASSWORD);
        var connection = new RegistryDefinition(registry.url());
        connection.setAllowInsecure(true);
        connection.setCredentialsId("pull");
        GitOpsWavesConfiguration.get().setRegistries(List.of(connection));
        RepositoryDefinition definition = repository.definition();
        definition.setWaves(List.of(new WaveDefinition("staging")));
        definition.setSignatures(new SignaturesDefinition(List.of(signer.publicKey()), List.of("staging")));
        steps.configure(definition);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private Map<String, Object> commit(String digest) {
        return Map.of(
                "wave",
                "staging",
                "images",
                Map.of(
                        "shop",
                        Map.of(
                                "Tag", registry.host() + "/shop:1",
                                "Digest", registry.host() + "/shop@" + digest)));
    }

    @Test
    void anImageGoesThereOnceItIsSigned() throws Exception {
        String digest = registry.push("shop", "1", "layer");

        assertThatThrownBy(() -> steps.run(steps.build("app"), "commitConfig", commit(digest)))
                .hasMessageContaining("Nothing was committed to staging, which takes signed images only: shop: "
                        + registry.host() + "/shop@" + digest + " has no signature of cosign in its registry.");

        String other = registry.push("shop", "2", "another layer");
        registry.push(
                "shop",
                other.replace(':', '-') + ".sig",
                FakeRegistry.OCI_MANIFEST,
                signer.simple(registry, ImageSigner.payload(other)));
        steps.run(steps.build("app"), "commitConfig", commit(other));

        assertThat(repository.show("auto", "images/staging/digests.json")).contains(other);
    }
}
