package io.jenkins.plugins.gitops.controller;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;

/** Tests on a controller with one configured config repository. */
abstract class DeliveryITestBase {

    @TempDir
    Path folder;

    JenkinsRule jenkins;
    DeliveryFixture delivery;

    @BeforeEach
    void begin(JenkinsRule rule) throws IOException {
        jenkins = rule;
        delivery = DeliveryFixture.create(folder);
        configure();
    }

    void configure() throws IOException {
        delivery.configure();
    }
}
