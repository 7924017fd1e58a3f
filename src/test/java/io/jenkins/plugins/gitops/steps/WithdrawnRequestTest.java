package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.pages.WaveActions;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.triggers.StartedBuild;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked of a driver whose git server does not answer is done in time or never. */
class WithdrawnRequestTest extends DeliveryStepTestBase {

    private final WaveActions actions =
            new WaveActions((job, parameters) -> new StartedBuild("", Optional.empty()), Duration.ofMillis(100));
    private final ManualClock clock = new ManualClock();
    private GitHttpServer server;
    private StallingProxy proxy;

    @BeforeEach
    void moveBehindProxy() throws Exception {
        server = GitHttpServer.start(Files.createDirectory(folder.resolve("served")), "bot", "a-long-password");
        DriverRegistry.get().setClock(clock);
        repository = new ConfigRepoFixture(server.create("cfg-app", "master"));
        URI url = URI.create(server.url("cfg-app"));
        proxy = new StallingProxy(url.getPort());
        TestCredentials.add("git", "bot", "a-long-password");
        RepositoryDefinition configured =
                ConfigRepoFixture.definition("http://localhost:" + proxy.port() + url.getPath());
        configured.setCredentialsId("git");
        configured.setPollInterval("1s");
        var internal = new WaveDefinition("internal");
        internal.setPromotesFrom("staging");
        internal.setApprovals(new ApprovalsDefinition());
        internal.setVerifications(List.of(new VerificationDefinition("smoke")));
        configured.setWaves(List.of(new WaveDefinition("staging"), internal));
        steps.configure(configured);
        steps.run(
                steps.build("app"),
                "commitConfig",
                Map.of("wave", "staging", "images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST)));
    }

    @AfterEach
    void stopServer() throws Exception {
        proxy.close();
        server.close();
    }

    private static WaveActions.DialogInput input(String reason) {
        return new WaveActions.DialogInput("cfg-app", Map.of("wave", "staging", "reason", reason)::get, "ann");
    }

    @Test
    void aHoldThatWasRefusedBecauseTheServerIsStuckIsNotAppliedLater() throws Exception {
        proxy.stall();
        DriverRegistry.get().pollNow("cfg-app");
        await().until(proxy::isAwaited);
        Instant since = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        clock.turn(Duration.ofMinutes(1));

        assertThatThrownBy(() -> actions.hold(input("too late")))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContainingAll(
                        // Something is queued, so that the driver looks by the connection of a push.
                        "The driver waits for localhost since " + since + ": push.",
                        "Nothing was done, and nothing will be");
        assertThat(DriverRegistry.get().trouble("cfg-app").orElseThrow()).contains("localhost", "push");

        proxy.flow();
        steps.run(steps.build("ops"), "holdWave", Map.of("wave", "staging", "reason", "it answers again"));
        assertThat(GitCli.run(repository.bare(), "log", "--format=%B", "refs/gitops-waves/master/state"))
                .contains("it answers again")
                .doesNotContain("too late");
        assertThat(DriverRegistry.get().trouble("cfg-app")).isEmpty();
    }

    /** What the page asks of a driver: by kind, so that a new button is tried here, or named as one that asks nothing. */
    private static Stream<Method> questions() {
        return Arrays.stream(WaveActions.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers())
                        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {WaveActions.DialogInput.class}))
                // These start a job, or show what it would do, by the state that is known.
                .filter(method -> !Set.of("promote", "rollback", "preview").contains(method.getName()));
    }

    @Test
    void whateverIsRefusedBecauseTheServerIsStuckIsNotDoneLater() throws Exception {
        merge(committed("app", "Service1", ConfigRepoFixture.DIGEST));
        String approved = repository.tip("master");
        var parameters = Map.of(
                "wave", "internal",
                "reason", "too late",
                "comment", "too late",
                "revision", approved,
                "name", "smoke",
                "digests", ConfigRepoFixture.DIGEST);
        var early = new HashMap<>(parameters);
        early.put("comment", "in time");
        var patient = new WaveActions((job, given) -> new StartedBuild("", Optional.empty()), Duration.ofSeconds(30));
        patient.approve(new WaveActions.DialogInput("cfg-app", early::get, "ann"));
        proxy.stall();
        DriverRegistry.get().pollNow("cfg-app");
        await().until(proxy::isAwaited);

        List<String> refused = new ArrayList<>();
        for (Method question : questions().toList()) {
            String by = question.getName().equals("withdraw") ? "ann" : "bob";
            assertThatThrownBy(
                            () -> question.invoke(actions, new WaveActions.DialogInput("cfg-app", parameters::get, by)))
                    .as(question.getName())
                    .hasCauseInstanceOf(RequestRefused.class)
                    .cause()
                    .hasMessageContaining("Nothing was done, and nothing will be");
            refused.add(question.getName());
        }
        assertThat(refused)
                .containsExactlyInAnyOrder("hold", "release", "reject", "accept", "approve", "withdraw", "verify");
        proxy.flow();
        steps.run(steps.build("ops"), "holdWave", Map.of("wave", "staging", "reason", "it answers again"));

        assertThat(GitCli.run(repository.bare(), "log", "--format=%B", "refs/gitops-waves/master/state"))
                .contains("it answers again", "in time")
                .doesNotContain("too late", "bob", "taken back");
    }

    @Test
    void aHoldThatTheDriverHasTakenIsSaidToBeUnderWay() throws Exception {
        var patient =
                new WaveActions((job, parameters) -> new StartedBuild("", Optional.empty()), Duration.ofSeconds(5));
        server.beforeNextPush(proxy::stall);

        assertThatThrownBy(() -> patient.hold(input("in time")))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("The driver has begun and may still finish: look again before you repeat it.");

        proxy.flow();
        await().until(() -> repository.state("waves/staging.json").contains("in time"));
    }
}
