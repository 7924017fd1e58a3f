package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatusCode;
import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ArgoCdFaults;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever goes wrong on the way, the watch comes to what an Argo CD on real git says. */
class ArgoCdWatchFaultsTest {

    private static final ApplicationId WEB = new ApplicationId("argocd", "web");

    @TempDir
    Path folder;

    private final ManualClock time = new ManualClock();
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private Path config;
    private ArgoCdSimulator argo;
    private volatile String token;
    private volatile boolean lookUpsHang;
    private ArgoCdWatch watch;

    @BeforeEach
    void begin() throws IOException {
        config = Files.createDirectory(folder.resolve("cfg"));
        GitCli.run(config, "init", "--quiet", "--initial-branch=main");
        argo = ArgoCdSimulator.start(folder.resolve("argo"), time, 0);
        argo.keepAlive(Duration.ofMillis(20));
        argo.fetchFrom("https://git.example.com/cfg.git", config.toString());
        token = argo.token("jenkins");
        String first = deploy();
        argo.add(new ApplicationSpec("web", "https://git.example.com/cfg.git", "staging", "main"));
        argo.settle();
        var timer = time.timer();
        var settings = new ArgoCdSettings("main", argo.url(), "", true, true);
        watch = new ArgoCdWatch(
                new ArgoCdClient(settings, HttpClient.newHttpClient(), () -> token, this::lookUp, time, timer),
                time,
                timer,
                pool);
        watch.follow(() -> {});
        awaitWhileTimeGoesOn(() -> sees(first) && argo.streams() > 0);
    }

    @AfterEach
    void end() {
        argo.close();
        pool.shutdownNow();
    }

    /** A store of credentials that may never answer. */
    private void lookUp(Runnable task) {
        if (!lookUpsHang) {
            task.run();
        }
    }

    @Test
    void aTokenThatIsNotFoundInTimeIsToldAndLookedUpAgain() throws IOException {
        lookUpsHang = true;
        argo.faults().dropStreams();
        awaitWhileTimeGoesOn(() -> watch.snapshot()
                .trouble()
                .filter(why -> why.contains("its token could not be looked up in time"))
                .isPresent());
        lookUpsHang = false;
        String second = deploy();

        awaitWhileTimeGoesOn(() -> sees(second));
    }

    /** Commits, has Argo CD deploy that, and returns the commit. */
    private String deploy() throws IOException {
        Files.createDirectories(config.resolve("staging"));
        Files.writeString(config.resolve("staging/web.yaml"), "at: " + time.instant() + "\n");
        GitCli.run(config, "add", "--all");
        GitCli.run(config, "commit", "--quiet", "--message", "Deploy");
        time.turn(Duration.ofSeconds(1));
        argo.settle();
        return GitCli.run(config, "rev-parse", "HEAD").strip();
    }

    private void awaitWhileTimeGoesOn(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    time.turn(Duration.ofMillis(200));
                    return condition.getAsBoolean();
                });
    }

    /** Whether the application runs a commit, as far as is known, and nothing is wrong. */
    private boolean sees(String sha) {
        ServerSnapshot snapshot = watch.snapshot();
        Application web = snapshot.applications().get(WEB);
        return snapshot.trouble().isEmpty()
                && web != null
                && web.sync().revisions().contains(sha)
                && web.health().code() == HealthStatusCode.HEALTHY;
    }

    static Stream<Named<Consumer<ArgoCdFaults>>> faults() {
        return Stream.of(
                Named.of("nothing", faults -> {}),
                Named.of("lost events", faults -> faults.loseEvents(100)),
                Named.of("a stream that breaks off", ArgoCdFaults::dropStreams),
                Named.of("a stream that fails", faults -> faults.failStreams(500, "on purpose")),
                Named.of("silence", faults -> faults.silenceStreams(true)),
                Named.of("answers of all kinds", faults -> {
                    faults.dropStreams();
                    faults.refuse(2, 503, "on purpose");
                    faults.answerHtml(1);
                    faults.cutAnswers(1);
                    faults.dropRequests(1);
                    faults.refuse(1, 401, "on purpose");
                }));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatIsDeployedIsSeenAfter(Consumer<ArgoCdFaults> fault) throws IOException {
        fault.accept(argo.faults());
        String sha = deploy();

        awaitWhileTimeGoesOn(() -> sees(sha));
    }

    @Test
    void aServerThatWasGoneAndATokenThatWasReplacedAreNoticed() throws IOException {
        argo.down(true);
        awaitWhileTimeGoesOn(() -> watch.snapshot().trouble().isPresent());
        argo.down(false);
        String sha = deploy();
        awaitWhileTimeGoesOn(() -> sees(sha));

        argo.revoke(token);
        awaitWhileTimeGoesOn(() -> watch.snapshot().trouble().isPresent());
        assertThat(watch.snapshot().trouble().orElseThrow()).contains("refuses the token");
        token = argo.token("jenkins");
        awaitWhileTimeGoesOn(() -> sees(sha));
    }

    @Test
    void aReplicaThatLagsUndoesNothing() throws IOException {
        argo.faults().staleReads(true);
        String sha = deploy();
        awaitWhileTimeGoesOn(() -> sees(sha));
        long lists = lists();

        watch.pollNow();
        awaitWhileTimeGoesOn(() -> lists() > lists + 1);

        assertThat(sees(sha)).isTrue();
    }

    private long lists() {
        return argo.requests().stream()
                .filter(request -> request.path().equals("/api/v1/applications"))
                .count();
    }
}
