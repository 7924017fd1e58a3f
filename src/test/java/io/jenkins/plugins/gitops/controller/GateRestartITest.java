package io.jenkins.plugins.gitops.controller;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Jenkins is restarted, or killed, while builds wait for each gate; all go on, and each gate is passed once. */
class GateRestartITest {

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @RegisterExtension
    private final RealJenkinsExtension process = new RealJenkinsExtension()
            .withTimeout(0)
            .prepareHomeLazily(true)
            .javaOptions("-Xmx700m", "-XX:TieredStopAtLevel=1");

    @TempDir
    private Path folder;

    private GateFixture gates;

    @BeforeEach
    void begin() throws Exception {
        gates = new GateFixture(folder);
    }

    @AfterEach
    void end() {
        gates.close();
    }

    @Test
    void everyWaitGoesOnAfterASafeRestart() throws Throwable {
        GateFixture.Address address = gates.address;
        sessions.then(jenkins -> {
            address.configure();
            address.startWaiting(jenkins, GateFixture.Gate.values().length);
            jenkins.jenkins.doQuietDown(true, (int) TimeUnit.MINUTES.toMillis(1), "a new version", true);
        });
        gates.open();
        sessions.then(jenkins -> {
            address.open(jenkins);
            address.assertPassed(jenkins);
        });
        gates.assertDeliveredOnce();
    }

    @Tag("life")
    @Test
    void everyWaitGoesOnAfterAKill() throws Throwable {
        GateFixture.Address address = gates.address;
        process.startJenkins();
        process.runRemotely(jenkins -> {
            address.configure();
            address.startWaiting(jenkins, GateFixture.Gate.values().length);
        });
        process.stopJenkinsForcibly();
        gates.open();
        process.startJenkins();
        process.runRemotely(jenkins -> {
            address.open(jenkins);
            address.assertPassed(jenkins);
        });
        gates.assertDeliveredOnce();
    }
}
