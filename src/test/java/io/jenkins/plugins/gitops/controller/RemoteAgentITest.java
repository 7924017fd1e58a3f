package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.configuration.GeneratorDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A process of its own, connected over WebSocket, is the agent of a step that needs one, and goes and comes back. */
@WithJenkins
class RemoteAgentITest extends DeliveryITestBase {

    private static final Duration LONG = Duration.ofMinutes(2);

    private static final InboundAgentExtension.Options REMOTE = InboundAgentExtension.Options.newBuilder()
            .name("remote")
            .label("remote")
            .webSocket()
            .build();

    private static final String BODY = """
        commitConfig(wave: 'staging', images: [Service1: [Tag: 'docker.example.com/service1:1',
            Digest: 'docker.example.com/service1@DIGEST']]) { %s }
        """.replace("DIGEST", DeliveryFixture.DIGEST);

    @RegisterExtension
    private final InboundAgentExtension agents = new InboundAgentExtension();

    private Path go;

    @Override
    void configure() throws IOException {
        go = folder.resolve("go");
        RepositoryDefinition repository = delivery.definition();
        repository.setGeneratedPaths(List.of("generated/**"));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    @BeforeEach
    void connect() throws Exception {
        agents.createAgent(jenkins, REMOTE);
    }

    private void disconnect() throws Exception {
        agents.stop(jenkins, "remote");
        InboundAgentExtension.waitForAgentOffline(jenkins, "remote");
    }

    private void reconnect() throws Exception {
        agents.start(jenkins, REMOTE);
    }

    private WorkflowRun start(String name, String script) throws Exception {
        return DeliveryFixture.job(jenkins, name, script.replace("GO", go.toString()))
                .scheduleBuild2(0)
                .waitForStart();
    }

    private static void awaitMessage(String message, WorkflowRun run) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(JenkinsRule.getLog(run)).contains(message));
    }

    private static InputAction awaitInput(WorkflowRun run) {
        await().atMost(LONG).untilAsserted(() -> {
            InputAction asked = run.getAction(InputAction.class);
            assertThat(asked).as(JenkinsRule.getLog(run)).isNotNull();
            assertThat(asked.isWaitingForInput()).isTrue();
        });
        return Objects.requireNonNull(run.getAction(InputAction.class));
    }

    private static void proceed(WorkflowRun run) throws Exception {
        awaitInput(run).getExecutions().get(0).doProceedEmpty();
    }

    private void succeeds(WorkflowRun run) throws Exception {
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(run.isBuilding()).as(JenkinsRule.getLog(run)).isFalse());
        jenkins.assertBuildStatusSuccess(run);
    }

    @Test
    void aBodyGoesOnWhenItsAgentIsBack() throws Exception {
        WorkflowRun run = start(
                "app",
                "node('remote') { "
                        + BODY.formatted("sh 'mkdir -p generated; until test -e GO; do sleep 0.1; done; "
                                + "echo made > generated/all.yaml'")
                        + " }");
        awaitMessage("+ test -e", run);

        disconnect();
        Files.createFile(go);
        reconnect();

        succeeds(run);
        assertThat(delivery.show("auto", "generated/all.yaml")).isEqualTo("made\n");
    }

    @Test
    void filesOfABodyAreReadWhenTheAgentIsBack() throws Exception {
        WorkflowRun run = start(
                "app",
                "node('remote') { "
                        + BODY.formatted("writeFile file: 'generated/all.yaml', text: 'made'; input 'Is it good?'")
                        + " }");
        awaitInput(run);

        disconnect();
        proceed(run);
        awaitMessage("The agent with the workspace is not connected; waiting for it.", run);
        assertThat(delivery.findTip("auto")).isEqualTo(delivery.tip("master"));
        reconnect();

        succeeds(run);
        assertThat(delivery.show("auto", "generated/all.yaml")).isEqualTo("made");
    }

    @Test
    void theWaitForAnAgentCanBeAborted() throws Exception {
        WorkflowRun run = start("app", "node('remote') { " + BODY.formatted("input 'Is it good?'") + " }");
        awaitInput(run);
        disconnect();
        proceed(run);
        awaitMessage("The agent with the workspace is not connected; waiting for it.", run);

        run.doStop();

        await().atMost(LONG).until(() -> !run.isBuilding());
        assertThat(delivery.findTip("auto")).isEqualTo(delivery.tip("master"));
    }

    @Test
    void anImageIsRecordedInTheNextAttempt() throws Exception {
        String metadata = "{\"containerimage.digest\": \"" + DeliveryFixture.DIGEST + "\"}";
        WorkflowRun run = start("app", """
            retry(count: 2, conditions: [agent()]) {
              node('remote') {
                writeFile file: 'meta.json', text: '%s'
                if (!fileExists('GO')) { input 'Now?' }
                recordImage service: 'Service1', image: 'docker.example.com/service1', tag: '1',
                    metadataFile: 'meta.json', verify: false
              }
            }
            """.formatted(metadata));
        awaitInput(run);

        disconnect();
        Files.createFile(go);
        proceed(run);
        awaitMessage("Retrying", run);
        reconnect();

        succeeds(run);
        assertThat(JenkinsRule.getLog(run)).contains(DeliveryFixture.DIGEST);
    }

    @Test
    void whatIsGeneratedIsReadWhenTheAgentIsBack() throws Exception {
        RepositoryDefinition repository = delivery.definition();
        repository.setGeneratedPaths(List.of("generated/**"));
        repository.setGenerator(new GeneratorDefinition("generate"));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        WorkflowJob generator = DeliveryFixture.job(jenkins, "generate", """
            node('remote') {
              generateConfig {
                sh 'mkdir -p generated; cat images/*/tags.json > generated/all.json || echo none > generated/all.json'
                input 'Is it good?'
              }
            }
            """);
        WorkflowRun app = start("app", DeliveryFixture.DELIVER);
        await().atMost(LONG).until(() -> generator.getLastBuild() != null);
        WorkflowRun run = generator.getLastBuild();
        awaitInput(run);

        disconnect();
        proceed(run);
        awaitMessage("The agent with the workspace is not connected; waiting for it.", run);
        reconnect();

        await().atMost(LONG).until(() -> {
            InputAction asked = run.getAction(InputAction.class);
            if (run.isBuilding() && asked != null && asked.isWaitingForInput()) {
                proceed(run);
            }
            return !run.isBuilding();
        });
        jenkins.assertBuildStatusSuccess(run);
        awaitMessage("which nobody has reported yet", app);
        delivery.report(jenkins, "success");
        succeeds(app);
        assertThat(delivery.show("master", "generated/all.json")).contains("docker.example.com/service1:1");
    }
}
