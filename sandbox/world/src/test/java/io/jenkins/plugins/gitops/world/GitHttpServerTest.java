package io.jenkins.plugins.gitops.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitHttpServerTest {

    @TempDir
    Path folder;

    private GitHttpServer server;
    private Path clone;

    @BeforeEach
    void startServer() throws IOException {
        server = GitHttpServer.start(Files.createDirectory(folder.resolve("root")), "bot", "s3cret");
        server.create("app.git", "main");
        clone = clone("clone");
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private Path clone(String name) {
        GitCli.run(folder, "clone", "--quiet", server.urlWithPassword("app.git"), name);
        return folder.resolve(name);
    }

    private String commit(Path directory, String file, byte[] content) throws IOException {
        Files.write(directory.resolve(file), content);
        GitCli.run(directory, "add", "--all");
        GitCli.run(directory, "commit", "--quiet", "--message", "Write " + file);
        return GitCli.run(directory, "rev-parse", "HEAD").strip();
    }

    private String commit(String file) throws IOException {
        return commit(clone, file, file.getBytes());
    }

    private String onServer(String ref) {
        return GitCli.run(server.repository("app.git"), "rev-parse", ref).strip();
    }

    @Test
    void whatIsPushedCanBeClonedAndFetched() throws IOException {
        String sha = commit("a.txt");
        GitCli.run(clone, "push", "--quiet", "origin", "main");

        assertThat(onServer("main")).isEqualTo(sha);
        Path second = clone("second");
        assertThat(second.resolve("a.txt")).hasContent("a.txt");

        String next = commit(second, "b.txt", new byte[] {1});
        GitCli.run(second, "push", "--quiet", "origin", "main");
        GitCli.run(clone, "fetch", "--quiet");
        assertThat(GitCli.run(clone, "rev-parse", "origin/main").strip()).isEqualTo(next);
    }

    @Test
    void largePushesArriveInChunks() throws IOException {
        byte[] noise = new byte[3 << 20];
        new Random(1).nextBytes(noise);
        String sha = commit(clone, "noise", noise);

        String trace = folder.resolve("trace").toString();
        GitCli.run(Map.of("GIT_TRACE_CURL", trace), clone, "push", "--quiet", "origin", "main");

        assertThat(Files.readString(Path.of(trace))).containsIgnoringCase("Transfer-Encoding: chunked");
        assertThat(onServer("main")).isEqualTo(sha);
        assertThat(clone("second").resolve("noise")).hasBinaryContent(noise);
    }

    @Test
    void compressedRequestsAreUnderstood() throws Exception {
        String sha = commit("a.txt");
        GitCli.run(clone, "push", "--quiet", "origin", "main");
        var body = new ByteArrayOutputStream();
        try (var compressed = new GZIPOutputStream(body)) {
            // What git sends for ls-remote; it compresses by itself only what is longer.
            compressed.write("0014command=ls-refs\n00010000".getBytes());
        }
        String authorization = Base64.getEncoder().encodeToString("bot:s3cret".getBytes());
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url("app.git") + "/git-upload-pack"))
                .header("Authorization", "Basic " + authorization)
                .header("Content-Type", "application/x-git-upload-pack-request")
                .header("Content-Encoding", "gzip")
                .header("Git-Protocol", "version=2")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .build();

        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(sha + " refs/heads/main");
    }

    @Test
    void manyClientsAreServedAtOnce() throws IOException {
        commit("a.txt");
        GitCli.run(clone, "push", "--quiet", "origin", "main");

        List<CompletableFuture<Path>> clones = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> clone("many" + i)))
                .toList();

        assertThat(clones)
                .allSatisfy(future -> assertThat(future.join().resolve("a.txt")).exists());
    }

    @Test
    void wrongPasswordsAndUnknownRepositoriesAreRefused() {
        String url = server.url("app.git");

        assertThatThrownBy(() -> GitCli.run(folder, "ls-remote", url.replace("://", "://bot:wrong@")))
                .hasMessageContaining("Authentication failed")
                .hasMessageNotContaining("wrong@");
        assertThatThrownBy(() -> GitCli.run(folder, "ls-remote", url)).hasMessageContaining("could not read Username");
        assertThatThrownBy(() -> GitCli.run(folder, "ls-remote", server.urlWithPassword("other.git")))
                .hasMessageContaining("not found");
    }

    @Test
    void authenticationCanBeTakenAwayAndGivenBack() {
        server.refuseAuthentication(true);
        assertThatThrownBy(() -> GitCli.run(clone, "fetch")).hasMessageContaining("Authentication failed");

        server.refuseAuthentication(false);
        GitCli.run(clone, "fetch", "--quiet");
    }

    @Test
    void anUnavailableServerRecovers() {
        server.answerUnavailable(1);
        assertThatThrownBy(() -> GitCli.run(clone, "ls-remote")).hasMessageContaining("503");

        GitCli.run(clone, "ls-remote", "--quiet");
    }

    @Test
    void aDroppedRequestFailsOnce() {
        server.dropRequests(1);
        assertThat(GitCli.succeeds(clone, "ls-remote")).isFalse();

        assertThat(GitCli.succeeds(clone, "ls-remote")).isTrue();
    }

    @Test
    void aLostPushChangesNothing() throws IOException {
        commit("a.txt");
        server.losePushes(1);

        assertThat(GitCli.succeeds(clone, "push", "origin", "main")).isFalse();
        assertThat(GitCli.run(clone, "ls-remote", "origin")).isEmpty();
        assertThat(server.pushes()).isZero();

        assertThat(GitCli.succeeds(clone, "push", "origin", "main")).isTrue();
    }

    @Test
    void aPushWhoseAnswerIsLostHasHappened() throws IOException {
        String sha = commit("a.txt");
        server.losePushAnswers(1);

        assertThat(GitCli.succeeds(clone, "push", "origin", "main")).isFalse();
        assertThat(onServer("main")).isEqualTo(sha);
        assertThat(server.pushes()).isOne();
    }

    @Test
    void someoneElseCanWinTheRaceForABranch() throws IOException {
        commit("a.txt");
        GitCli.run(clone, "push", "--quiet", "origin", "main");
        Path second = clone("second");
        String winner = commit(second, "b.txt", new byte[] {1});
        commit("c.txt");
        server.beforeNextPush(() -> GitCli.run(
                second, "push", "--quiet", server.repository("app.git").toString(), "main"));

        assertThatThrownBy(() -> GitCli.run(clone, "push", "origin", "main")).hasMessageContaining("rejected");
        assertThat(onServer("main")).isEqualTo(winner);
    }

    @Test
    void atomicPushesCanBeHidden() throws IOException {
        commit("a.txt");
        server.offerAtomicPushes("app.git", false);
        assertThatThrownBy(() -> GitCli.run(clone, "push", "--atomic", "origin", "main", "main:other"))
                .hasMessageContaining("does not support --atomic push");

        server.offerAtomicPushes("app.git", true);
        GitCli.run(clone, "push", "--quiet", "--atomic", "origin", "main", "main:other");
    }

    @Test
    void answersCanBeDelayed() {
        server.delay(Duration.ofMillis(150));
        long start = System.nanoTime();

        GitCli.run(clone, "ls-remote");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(150));
    }

    @Test
    void requestsAreCounted() {
        int before = server.requests();
        GitCli.run(clone, "ls-remote");

        assertThat(server.requests()).isGreaterThan(before);
    }
}
