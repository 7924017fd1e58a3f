package io.jenkins.plugins.gitops.controller;

import io.jenkins.plugins.gitops.steps.ArgoCdFixture;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** Tests on a controller with one configured config repository, two waves of which a simulated Argo CD deploys. */
abstract class RolloutITestBase extends DeliveryITestBase {

    ArgoCdFixture argo;

    @Override
    void configure() throws IOException {
        argo = new ArgoCdFixture(folder.resolve("argocd"), delivery.url());
        argo.configure(delivery.definition());
    }

    @AfterEach
    void stopArgoCd() {
        argo.close();
    }
}
