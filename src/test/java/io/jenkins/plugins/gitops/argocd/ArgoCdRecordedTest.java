package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.world.ConversationReplayer;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a real Argo CD said, replayed to the client and the judge. Beside each recording lies how each application was
 * judged, in the order of what was said: the number of the newest commit, and the state; written anew with
 * {@code -Drecorded.rewrite=true}.
 */
class ArgoCdRecordedTest {

    /** The scene of refused requests, which has no stream of applications. */
    private static final String ERRORS = "errors";

    private static final Path FOLDER = Path.of("src/test/resources/recorded/argocd-3.5.1");

    private static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve(FOLDER))) {
            here = here.getParent();
        }
        return here.resolve(FOLDER);
    }

    static Stream<String> scenes() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jsonl"))
                    .map(name -> name.substring(0, name.indexOf('.')))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Stream<String> streamed() throws IOException {
        return scenes().filter(scene -> !scene.equals(ERRORS));
    }

    private static RecordedArgoCd recorded(String scene) throws IOException {
        return new RecordedArgoCd(folder().resolve(scene + ".jsonl"));
    }

    private static TargetSelection all() {
        return new TargetSelection("main", List.of("*"), "");
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void eachTargetIsJudgedAsBefore(String scene) throws IOException {
        RecordedArgoCd recorded = recorded(scene);
        var states = new TreeMap<String, List<String>>();
        for (RecordedArgoCd.Moment moment : recorded.moments()) {
            for (TargetState target : recorded.judge(moment, all()).targets()) {
                List<String> before = states.computeIfAbsent(target.id().toString(), id -> new ArrayList<>());
                String now = moment.commit() + " " + target.state();
                if (before.isEmpty() || !before.get(before.size() - 1).equals(now)) {
                    before.add(now);
                }
            }
        }
        var text = new StringBuilder();
        states.forEach((target, judged) -> text.append(target)
                .append(": ")
                .append(String.join(", ", judged))
                .append('\n'));
        Path file = folder().resolve(scene + ".states");
        if (Boolean.getBoolean("recorded.rewrite")) {
            Files.writeString(file, text);
        }
        assertThat(file).hasContent(text.toString());
    }

    /** Of what was told in each scene, the sentences that name a reason or a remedy. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        terminated   | its synchronisation ended as Failed: Operation terminated. Argo CD does not try the commit again
        presync      | its synchronisation runs: waiting for completion of hook batch/Job/presync-check.
        presync      | one or more synchronization tasks completed unsuccessfully (retried 2 times). Argo CD does not try
        retries      | its synchronisation runs: one or more synchronization tasks completed unsuccessfully, reason: namespaces "late" not found. Retrying attempt #1
        stuck        | it was asked to look at git now, and if this stays, its application controller does not work.
        ignored      | not what the set says; if this stays, its manifests do not take the image from the set, or ignore
        health       | ComparisonError: error setting app health: failed to get resource health for "Deployment"
        manifest     | ComparisonError: Failed to load target state: failed to generate manifest for source 1 of 1
        selective    | it is out of sync (Deployment selective-web) and is not synchronised automatically
        switched-off | it is out of sync (Deployment switched-off-web) and is not synchronised automatically
        windows      | it is out of sync (Deployment windows-deny), and no synchronisation runs, though it is automatic
        partly       | synchronised already, only in part, or changed by hand since, and selfHeal is off: then synchronise
        clusters     | its application argocd/clusters-web is not deployed: Argo CD main lists no such application
        twins        | its application argocd/twins-web is not deployed: Argo CD main lists no such application
        elsewhere    | its application unwatched/elsewhere-unseen is not deployed: Argo CD main lists no such application
        """)
    void whatIsToldNamesTheReason(String scene, String sentence) throws IOException {
        RecordedArgoCd recorded = recorded(scene);
        var told = new TreeSet<String>();
        for (RecordedArgoCd.Moment moment : recorded.moments()) {
            recorded.judge(moment, all()).targets().forEach(target -> told.add(target.reason()));
        }
        assertThat(told).anySatisfy(reason -> assertThat(reason).contains(sentence));
    }

    /** What a sync window refuses, and what lets it through, as {@code POST .../sync} answered. */
    @Test
    void aSyncWindowIsNamedWhereItRefuses() throws Exception {
        var time = new ManualClock();
        try (var replayer = new ConversationReplayer(recorded("windows").conversation())) {
            var client = new ArgoCdClient(
                    new ArgoCdSettings("main", replayer.url(), "shop-windows", true, true),
                    HttpClient.newHttpClient(),
                    () -> "to.ken-1",
                    Runnable::run,
                    time,
                    time.timer());

            assertThatThrownBy(
                            () -> client.sync(new Application.ApplicationId("argocd", "windows-deny"), "shop-windows")
                                    .join())
                    .hasMessageContaining("The Argo CD server main does not synchronise windows-deny now (cannot sync:"
                            + " blocked by sync window): wait until the window of its project lets it");
            assertThatThrownBy(
                            () -> client.sync(new Application.ApplicationId("argocd", "windows-closed"), "shop-windows")
                                    .join())
                    .hasMessageContaining("does not synchronise windows-closed now");
            assertThat(client.sync(new Application.ApplicationId("argocd", "windows-manual"), "shop-windows")
                            .join()
                            .application()
                            .operationRequested())
                    .as("the window has manualSync")
                    .isTrue();
        }
    }

    /** By the words alone, in another way than the judge's. */
    @ParameterizedTest
    @MethodSource("scenes")
    void nothingIsDeployedBeforeArgoCdSaysSo(String scene) throws IOException {
        RecordedArgoCd recorded = recorded(scene);
        for (RecordedArgoCd.Moment moment : recorded.moments()) {
            Rollout rollout = recorded.judge(moment, all());
            JsonNode said = moment.said().orElse(null);
            if (said == null) {
                continue;
            }
            String name = said.path("metadata").path("name").asText();
            String namespace = said.path("metadata").path("namespace").asText();
            boolean deployed = rollout.targets().stream()
                    .anyMatch(target -> target.id().equals(new Application.ApplicationId(namespace, name))
                            && target.state() == State.DEPLOYED);
            if (deployed) {
                JsonNode status = said.path("status");
                assertThat(status.path("sync").path("status").asText()).isEqualTo("Synced");
                assertThat(status.path("health").path("status").asText()).isEqualTo("Healthy");
                assertThat(said.has("operation")).isFalse();
                assertThat(said.path("metadata").has("deletionTimestamp")).isFalse();
                JsonNode images = status.path("summary").path("images");
                if (images.size() > 0) {
                    // Kustomize leaves the tag between the repository and the digest.
                    assertThat(images.toString().replaceAll(":v\\d+@", "@"))
                            .contains(digests(recorded, moment.commit()));
                }
            }
        }
    }

    private static List<String> digests(RecordedArgoCd recorded, int commit) {
        return List.copyOf(recorded.commits().values()).get(commit - 1).images().values().stream()
                .map(ImageRef::digestReference)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("streamed")
    void theWatchComesToWhatWasSaidLast(String scene) throws Exception {
        RecordedArgoCd recorded = recorded(scene);
        List<RecordedArgoCd.Moment> moments = recorded.moments();
        var time = new ManualClock();
        var pool = Executors.newFixedThreadPool(2);
        try (var replayer = new ConversationReplayer(recorded.conversation())) {
            var settings = new ArgoCdSettings("main", replayer.url(), "shop-" + scene, true, true);
            var client = new ArgoCdClient(
                    settings, HttpClient.newHttpClient(), () -> "to.ken-1", Runnable::run, time, time.timer());
            var watch = new ArgoCdWatch(client, time, time.timer(), pool);
            Map<Application.ApplicationId, Application> last =
                    moments.get(moments.size() - 1).applications();
            try (var following = watch.follow(() -> {})) {
                time.turn(Duration.ZERO);
                await().untilAsserted(() ->
                        assertThat(watch.snapshot().applications()).isEqualTo(new TreeMap<>(last)));
                assertThat(replayer.unknown()).isEmpty();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void refusalsAreToldInArgoCdsWords() throws Exception {
        var time = new ManualClock();
        try (var replayer = new ConversationReplayer(recorded(ERRORS).conversation())) {
            var http = HttpClient.newHttpClient();
            ArgoCdClient client = new ArgoCdClient(
                    new ArgoCdSettings("main", replayer.url(), "", true, true),
                    http,
                    () -> "to.ken-1",
                    Runnable::run,
                    time,
                    time.timer());
            ArgoCdClient expired = new ArgoCdClient(
                    new ArgoCdSettings("main", replayer.url(), "x", true, true),
                    http,
                    () -> "to.ken-1",
                    Runnable::run,
                    time,
                    time.timer());
            String project = "shop-errors";

            assertThat(client.get(new Application.ApplicationId("argocd", "nothing"), project, true)
                            .join())
                    .as("404, since the project is named")
                    .isEmpty();
            assertThatThrownBy(() -> client.sync(new Application.ApplicationId("argocd", "errors-web"), project)
                            .join())
                    .hasMessageContaining("Cannot sync to 1914c860b8eb2f19aac97386b2303d4e1b3da774: auto-sync currently"
                            + " set to main");
            assertThatThrownBy(() -> expired.list().join()).hasMessageContaining("refuses the token");
            assertThat(replayer.unknown()).isEmpty();
        }
    }

    @Test
    void thereAreRecordings() throws IOException {
        assertThat(scenes()).isNotEmpty();
    }
}
