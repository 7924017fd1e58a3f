package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.api.GitOpsWavesListener;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.configuration.repository.NotificationDefinition;
import io.jenkins.plugins.gitops.events.EventType;
import io.jenkins.plugins.gitops.events.WaveEvent;
import io.jenkins.plugins.gitops.steps.TestCredentials;
import io.jenkins.plugins.gitops.triggers.ChangeEndedCause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Everybody is told everything once, also over restarts: receivers, listeners, builds that have ended, and jobs. */
class EventsRestartITest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private static final String COMMIT = """
        recordImage service: 'Service%1$s', image: 'docker.example.com/service%1$s', tag: '1', digest: '%2$s',
            verify: false
        commitConfig wave: 'staging'
        """;

    private static final String TELL = """
        properties([pipelineTriggers([changeEnded()])])
        echo "told: ${env.GITOPS_OUTCOME} ${env.GITOPS_BUILD_URL}"
        """;

    /** What the listener of the test was told, by the ids; also before a restart. */
    private static final List<String> TOLD = new CopyOnWriteArrayList<>();

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    private final List<Posted> posted = new CopyOnWriteArrayList<>();
    private volatile int status = 204;
    private HttpServer receiver;
    private DeliveryFixture delivery;

    private record Posted(String id, String type) {}

    /** A listener of another plugin. */
    @TestExtension
    public static final class Listener extends GitOpsWavesListener {
        @Override
        public void onEvent(WaveEvent event) {
            TOLD.add(event.type() + " " + event.id());
        }
    }

    @BeforeEach
    void begin() throws Exception {
        TOLD.clear();
        delivery = DeliveryFixture.create(folder);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            JsonNode event = Json.parseStored(exchange.getRequestBody().readAllBytes());
            if (status < 300) {
                posted.add(new Posted(
                        exchange.getRequestHeaders().getFirst("webhook-id"),
                        event.path("type").asText()));
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void end() {
        receiver.stop(0);
    }

    private void configure() throws Exception {
        TestCredentials.addSecret("hook", "a secret of the receiver alone");
        var notification = new NotificationDefinition(
                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook", "hook");
        notification.setAllowInsecure(true);
        RepositoryDefinition repository = delivery.definition();
        repository.setPollInterval("1s");
        // What a wave without targets runs matters only where it is verified.
        var staging = new WaveDefinition("staging");
        staging.setVerifications(List.of(new VerificationDefinition("load")));
        repository.setWaves(List.of(staging));
        repository.setNotifications(List.of(notification));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    private WorkflowRun commit(JenkinsRule jenkins, int number) throws Exception {
        String digest = "sha256:" + String.valueOf(number).repeat(64);
        return jenkins.buildAndAssertSuccess(
                DeliveryFixture.job(jenkins, "app" + number, COMMIT.formatted(number, digest)));
    }

    /** The events of a kind that the receiver has got. */
    private long posts(String type) {
        return posted.stream().filter(event -> event.type().contains(type)).count();
    }

    private static long told(EventType type) {
        return TOLD.stream().filter(event -> event.startsWith(type + " ")).count();
    }

    private void awaitMerged(int changes) {
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(posts("change.merged")).isEqualTo(changes);
            assertThat(posts("service.deployed") + posts("service.upgraded")).isEqualTo(changes);
            assertThat(told(EventType.MERGED)).isEqualTo(changes);
            assertThat(told(EventType.DEPLOYED)).isEqualTo(changes);
        });
        assertOnce();
    }

    private void assertOnce() {
        assertThat(posted).extracting(Posted::id).doesNotHaveDuplicates();
        assertThat(TOLD).doesNotHaveDuplicates();
    }

    private static WorkflowJob job(JenkinsRule jenkins, String name) {
        return jenkins.jenkins.getItemByFullName(name, WorkflowJob.class);
    }

    private static void assertTold(JenkinsRule jenkins, int number) throws Exception {
        WorkflowRun build = job(jenkins, "app" + number).getBuildByNumber(1);
        await().atMost(LONG).until(() -> build.getDescription() != null);
        assertThat(build.getDescription()).isEqualTo("The change for staging ended after this build: merged");
        assertThat(jenkins.createWebClient().getPage(build, "delivery/").asNormalizedText())
                .contains("merged");
        String line = "told: merged " + build.getAbsoluteUrl();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(toldBuilds(jenkins))
                        .filteredOn(log -> log.contains(line))
                        .hasSize(1));
    }

    /** The logs of the builds that were started by the ends of changes. */
    private static List<String> toldBuilds(JenkinsRule jenkins) throws IOException {
        var logs = new ArrayList<String>();
        for (WorkflowRun run : job(jenkins, "tell").getBuilds()) {
            if (run.getCause(ChangeEndedCause.class) != null) {
                logs.add(JenkinsRule.getLog(run));
            }
        }
        return logs;
    }

    @Test
    void whateverHappensIsToldOnce() throws Throwable {
        sessions.then(jenkins -> {
            configure();
            jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "tell", TELL));
            commit(jenkins, 1);
            delivery.report(jenkins, "success");
            awaitMerged(1);
            assertTold(jenkins, 1);
            commit(jenkins, 2);
        });
        sessions.then(jenkins -> {
            delivery.report(jenkins, "success");
            awaitMerged(2);
            assertTold(jenkins, 2);
            status = 503;
            commit(jenkins, 3);
            delivery.report(jenkins, "success");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(told(EventType.DEPLOYED)).isEqualTo(3));
            assertThat(posts("change.merged")).isEqualTo(2);
        });
        sessions.then(jenkins -> {
            status = 204;
            awaitMerged(3);
            assertTold(jenkins, 3);
        });
    }
}
