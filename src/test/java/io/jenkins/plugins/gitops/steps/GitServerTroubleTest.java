package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Splitter;
import hudson.AbortException;
import hudson.ExtensionList;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps wait through trouble with the git server until their timeout, and no longer. */
class GitServerTroubleTest extends DeliveryStepTestBase {

    private static final String UNKNOWN = "0123456789012345678901234567890123456789";

    /** More than two rounds try: one of them may be that of a poll. */
    private static final int FAILURES = 10;

    private final ManualClock clock = new ManualClock();
    private GitHttpServer server;

    @BeforeEach
    void serve() throws Exception {
        DriverRegistry.get().setClock(clock);
        server = GitHttpServer.start(Files.createDirectory(folder.resolve("served")), "bot", "a-long-password");
        repository = new ConfigRepoFixture(server.create("cfg-app", "master"));
        TestCredentials.add("git", "bot", "a-long-password");
        RepositoryDefinition configured = ConfigRepoFixture.definition(server.url("cfg-app"));
        configured.setCredentialsId("git");
        var production = new WaveDefinition("production");
        production.setPromotesFrom("staging");
        var staging = new WaveDefinition("staging");
        staging.setVerifications(List.of(new VerificationDefinition("load")));
        configured.setWaves(List.of(staging, production));
        steps.configure(configured);
        steps.run(steps.build("ops"), "holdWave", Map.of("wave", "production", "reason", "so that all is cloned"));
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    /** Jenkins runs on; a time in which nobody looks at the clock is one in which it stood still. */
    private void passes(Duration time) {
        Duration beat = Duration.ofSeconds(30);
        for (Duration left = time; left.compareTo(Duration.ZERO) > 0; left = left.minus(beat)) {
            clock.turn(beat);
            DriverRegistry.get().downSince(clock.instant());
        }
    }

    private static Map<String, Object> images() {
        return Map.of("wave", "staging", "images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST));
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("commitConfig", images()),
                Arguments.of("promoteWave", Map.of("from", "staging", "to", "production")),
                Arguments.of("holdWave", Map.of("wave", "staging", "reason", "made up")),
                Arguments.of("releaseWave", Map.of("wave", "production")),
                Arguments.of("rejectImages", Map.of("reason", "made up", "digests", ConfigRepoFixture.DIGEST)),
                Arguments.of("acceptImages", Map.of("reason", "made up", "digests", ConfigRepoFixture.DIGEST)),
                Arguments.of("verifyWave", Map.of("wave", "staging")),
                Arguments.of("reportVerification", Map.of("wave", "staging", "name", "load", "state", "success")),
                Arguments.of(
                        "reportCiStatus",
                        Map.of("sha", UNKNOWN, "context", ConfigRepoFixture.CHECK, "state", "success")));
    }

    /** What the driver answers to those that ask for what there is not: it has come to them. */
    private static final Map<String, String> REFUSALS = Map.of(
            "promoteWave", "hold: production is held by ops",
            "verifyWave", "There is nothing to verify: staging was not yet seen to run one set in all of its",
            "reportVerification", "Nothing was verified: staging was not yet seen to run one set in all of its");

    private static void assertEndsWell(StepHarness.Started step, String name) {
        String refusal = REFUSALS.get(name);
        if (refusal == null) {
            assertThatCode(step::end).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(step::end).hasMessageContaining(refusal);
        }
    }

    /** Steps whose timeout is for something else, and {@code approveSet}, which needs people: GateStepsTest has it. */
    private static final Set<String> OTHERS =
            Set.of("approveSet", "awaitArgoSync", "awaitRollout", "waitForCiAndMerge");

    @Test
    void everyStepThatSubmitsSomethingIsTried() {
        assertThat(ExtensionList.lookup(GitOpsStepDescriptor.class).stream()
                        .filter(each -> Arrays.stream(each.clazz.getMethods())
                                .anyMatch(method -> method.getName().equals("getTimeout")))
                        .map(GitOpsStepDescriptor::getFunctionName)
                        .filter(name -> !OTHERS.contains(name)))
                .containsExactlyInAnyOrderElementsOf(
                        requests().map(each -> (String) each.get()[0]).toList());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aStepWaitsThroughTroubleAndSaysSoOnce(String name, Map<String, Object> arguments) throws Exception {
        server.answerUnavailable(FAILURES);

        var step = steps.start(steps.build("app"), name, arguments);

        assertEndsWell(step, name);
        assertThat(step.log())
                .containsOnlyOnce("Trying again for up to 10m: The config repository http://")
                .containsOnlyOnce("The git server answers again");
    }

    @ParameterizedTest
    @CsvSource({
        "promoteWave, 'from=staging,to=production'",
        "promoteWave, 'to=production,rollback=true'",
        "rejectImages, 'reason=it leaks'",
        "reportVerification, 'wave=staging,name=load,state=success'",
        "awaitArgoSync, 'wave=staging'"
    })
    void aStepLooksUpAReleaseOnceTheServerAnswers(String name, String rest) throws Exception {
        server.answerUnavailable(FAILURES);
        var arguments = new HashMap<String, Object>(
                Splitter.on(',').withKeyValueSeparator('=').split(rest));
        arguments.computeIfPresent("rollback", (key, value) -> true);
        arguments.put("revision", "#99");

        var step = steps.start(steps.build("app"), name, arguments);

        assertThatThrownBy(step::end).hasMessageContaining("\"#99\" is not a release that ");
        assertThat(step.log()).containsOnlyOnce("Trying again");
    }

    @Test
    void aReleaseThatCameAfterTheLastLookIsFoundAlsoAfterARestart() throws Exception {
        steps.run(steps.build("ops"), "releaseWave", Map.of("wave", "production"));
        TestRun app = steps.build("app");
        steps.run(app, "commitConfig", images());
        merge(app);
        String release = "#" + app.getNumber();
        server.answerUnavailable(Integer.MAX_VALUE);
        var step = steps.start(steps.build("ops"), "rejectImages", Map.of("reason", "it leaks", "revision", release));
        await().until(() -> step.log().contains("Trying again"));

        step.restart();
        server.answerUnavailable(0);

        assertThatCode(step::end).doesNotThrowAnyException();
        await().untilAsserted(() -> assertThat(DriverRegistry.get()
                        .state("cfg-app")
                        .orElseThrow()
                        .rejections()
                        .byDigest())
                .containsOnlyKeys(ConfigRepoFixture.DIGEST));
    }

    @Test
    void aStepWaitsWhileAHookOfTheServerFailsItself() throws Exception {
        Path hook = server.repository("cfg-app").resolve("hooks/pre-receive");
        Files.writeString(
                hook,
                "#!/bin/sh\necho >> tries\n[ $(wc -l < tries) -gt 4 ] ||"
                        + " { echo 'GitLab: Internal API unreachable' >&2; exit 1; }\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        var step = steps.start(steps.build("app"), "commitConfig", images());

        assertThat(step.result()).containsEntry("changed", true);
        assertThat(step.log())
                .containsOnlyOnce("Trying again for up to 10m: The server of the config repository")
                .containsOnlyOnce("Internal API unreachable");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aStepGivesUpAtItsTimeoutAlsoAfterARestart(String name, Map<String, Object> arguments) throws Exception {
        server.answerUnavailable(Integer.MAX_VALUE);
        var step = steps.start(steps.build("app"), name, arguments);
        await().until(() -> step.log().contains("Trying again"));
        assertThat(step.status()).contains("503");
        step.restart();
        await().until(() -> step.log().contains("Trying again"));

        passes(Duration.ofMinutes(10));

        assertThatThrownBy(step::end)
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll("503", "Nothing was done within 10m, and nothing will be");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aStepStillTriesWhenJenkinsHasStoodStillForLongerThanItsTimeout(String name, Map<String, Object> arguments)
            throws Exception {
        server.answerUnavailable(Integer.MAX_VALUE);
        var step = steps.start(steps.build("app"), name, arguments);
        await().until(() -> step.log().contains("Trying again"));

        clock.turn(Duration.ofHours(1));
        server.answerUnavailable(0);

        assertEndsWell(step, name);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void whatWaitingCannotMendFailsAtOnce(String name, Map<String, Object> arguments) throws Exception {
        server.refuseAuthentication(true);

        var step = steps.start(steps.build("app"), name, arguments);

        assertThatThrownBy(step::end).hasMessageContaining("refused access: check the user and the password");
        assertThat(step.log()).doesNotContain("Trying again");
    }

    private interface Fault {
        void occur(Path served) throws Exception;
    }

    static Stream<Arguments> lastingFaults() {
        return Stream.of(
                fault(
                        "There is no git repository at ",
                        served -> Files.move(served, served.resolveSibling("moved.git"))),
                fault(
                        "has no branch master: push it, or set mainBranch of the repository",
                        served -> GitCli.run(served, "update-ref", "-d", "refs/heads/master")),
                fault("pushes are closed", served -> {
                    Path hook = served.resolve("hooks/pre-receive");
                    Files.writeString(hook, "#!/bin/sh\necho 'pushes are closed'\nexit 1\n");
                    assertThat(hook.toFile().setExecutable(true)).isTrue();
                }));
    }

    private static Arguments fault(String sentence, Fault fault) {
        return Arguments.of(sentence, fault);
    }

    @ParameterizedTest
    @MethodSource("lastingFaults")
    void aRepositoryThatCannotBeUsedFailsTheStepAtOnce(String sentence, Fault fault) throws Exception {
        fault.occur(server.repository("cfg-app"));

        var step = steps.start(steps.build("app"), "commitConfig", images());

        assertThatThrownBy(step::end).hasMessageContaining(sentence);
        assertThat(step.log()).doesNotContain("Trying again");
    }

    @Test
    void whatIsEvictedOnAbortIsEvictedOnceTheServerAnswers() throws Exception {
        TestRun app = steps.build("app");
        steps.run(app, "commitConfig", images());
        var wait = steps.start(app, "waitForCiAndMerge", Map.of("evictOnAbort", true));
        await().until(() -> wait.log().contains("Change "));
        server.answerUnavailable(FAILURES);

        wait.abort();

        assertThatThrownBy(wait::end).isInstanceOf(FlowInterruptedException.class);
        await().until(() -> repository.queued() == 0);
        assertThat(wait.log()).doesNotContain("is not evicted");
    }

    @Test
    void aTimeoutThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> steps.run(
                        steps.build("app"),
                        "holdWave",
                        Map.of("wave", "staging", "reason", "made up", "timeout", "soon")))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("timeout: \"soon\" is not a duration");
    }
}
