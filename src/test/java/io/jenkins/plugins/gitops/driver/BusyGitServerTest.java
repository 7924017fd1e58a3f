package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A git server that asks by {@code Retry-After} not to be called is not called, whoever wants something of it. */
class BusyGitServerTest {

    @TempDir
    Path root;

    private final List<Long> nextLooks = new ArrayList<>();
    private GitHttpServer server;
    private RepositoryScene scene;
    private DriverLoop loop;

    @BeforeEach
    void begin() throws GitOpsException {
        server = GitHttpServer.start(root, "bot", "secret");
        scene = RepositoryScene.served(root, server, "secret");
        var scheduler = mock(ScheduledExecutorService.class);
        when(scheduler.schedule(any(Runnable.class), anyLong(), eq(TimeUnit.MILLISECONDS)))
                .thenAnswer(call -> {
                    nextLooks.add(call.getArgument(1));
                    return mock(ScheduledFuture.class);
                });
        loop = new DriverLoop(scene.driver("jenkins"), scene.clock, scheduler, Runnable::run, Runnable::run);
        loop.wake();
    }

    @AfterEach
    void end() {
        loop.close();
        scene.close();
        server.close();
    }

    private CompletableFuture<SubmittedChange> append(String order) {
        return loop.submit(new AppendChange(RepositoryScene.change(order, RepositoryScene.images("api", order))));
    }

    private Duration nextLook() {
        return Duration.ofMillis(nextLooks.get(nextLooks.size() - 1));
    }

    private void refuses(String order, String... sentence) {
        assertThatThrownBy(append(order)::join)
                .hasCauseInstanceOf(RepoUnavailable.class)
                .satisfies(failure -> assertThat(failure.getCause()).isNotInstanceOf(RepoMisconfigured.class))
                .hasMessageContainingAll(sentence);
    }

    /** The server's own clock, in the header Date, is that of the machine. */
    private static String dateIn(Duration duration) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(duration).atZone(ZoneOffset.UTC));
    }

    @ParameterizedTest
    @CsvSource({"429, 120, 120", "503, 120, 120", "429, 1, 5", "503, 86400, 600", "429, date, 200"})
    void itIsLeftAloneForAsLongAsItAsksButNotForEver(int status, String header, int seconds) {
        server.answerBusy(status, header.equals("date") ? dateIn(Duration.ofSeconds(200)) : header);
        int before = server.requests();

        refuses("app#1", "asks not to be called for ", "(status " + status + ")");

        assertThat(server.requests() - before).as("no attempt at once").isEqualTo(1);
        assertThat(nextLook()).isBetween(Duration.ofSeconds(seconds - 3), Duration.ofSeconds(seconds * 11L / 10 + 1));
        assertThat(loop.trouble().orElseThrow()).contains("(status " + status + ")");
    }

    @Test
    void whoeverWantsSomethingMeanwhileIsToldTheSameAndDoesNotReachIt() throws Exception {
        server.answerBusy(429, "120");
        refuses("app#1", "asks not to be called for 2m (status 429)");
        server.answerAgain();
        int before = server.requests();

        for (int i = 0; i < 20; i++) {
            scene.clock.turn(Duration.ofSeconds(5));
            refuses("app#2", "asks not to be called for 2m (status 429)");
            loop.pollNow();
        }
        assertThat(server.requests()).isEqualTo(before);
        assertThat(nextLook()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(22));

        scene.clock.turn(Duration.ofSeconds(20));
        assertThat(append("app#3").join().sha()).isEqualTo(scene.auto());
        assertThat(loop.trouble()).isEmpty();
    }

    @Test
    void aHeaderThatSaysNothingIsOrdinaryTrouble() {
        server.answerBusy(503, "soon");
        int before = server.requests();

        refuses("app#1", "503");

        assertThat(server.requests() - before).as("attempts at once").isGreaterThan(1);
        server.answerAgain();
        assertThat(append("app#2").join().sha()).isEqualTo(scene.auto());
    }
}
