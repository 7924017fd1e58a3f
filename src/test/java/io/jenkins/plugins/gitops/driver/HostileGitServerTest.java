package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.remote.RawHttpServer;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A git server over HTTP that repeats the password, or sends the client elsewhere with it. */
class HostileGitServerTest {

    private static final String USER = "bot";
    private static final String PASSWORD = "s3cr3t/Pa+ss&w\"rd";
    private static final String UNAUTHORIZED =
            RawHttpServer.response("401 Unauthorized", "WWW-Authenticate: Basic realm=\"git\"\r\n", "");

    @TempDir
    Path root;

    private String failure(Function<RawHttpServer.Request, String> answers) {
        try (var server = new RawHttpServer(
                request -> request.authorization().isEmpty() ? UNAUTHORIZED : answers.apply(request))) {
            return failure(server);
        }
    }

    private String failure(RawHttpServer server) {
        var failure = catchThrowableOfType(RepoUnavailable.class, () -> {
            try (var repo = ConfigRepoClone.open(
                    Files.createTempDirectory(root, "clone"),
                    server.url() + "/cfg-app",
                    () -> new UsernamePasswordCredentialsProvider(USER, PASSWORD))) {
                repo.look(new RefNames("main", "auto", RefNames.defaultState("main")));
            }
        });
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    private static void assertNoSecret(String trace) {
        for (String form : RawHttpServer.forms(USER, PASSWORD)) {
            assertThat(trace).doesNotContainIgnoringCase(form.substring(form.lastIndexOf(' ') + 1));
        }
    }

    /** All at once, since each waits for requests that are tried again. */
    @Test
    void whatTheServerRepeatsIsNotPassedOn() {
        List<String> forms = RawHttpServer.forms(USER, PASSWORD);
        ExecutorService threads = Executors.newFixedThreadPool(forms.size());
        try {
            forms.stream()
                    .map(form -> CompletableFuture.runAsync(() -> isNotPassedOn(form), threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        } finally {
            threads.shutdown();
        }
    }

    private void isNotPassedOn(String form) {
        String line = "ERR you sent " + form + "\n";
        String packet = String.format("%04x", line.getBytes(StandardCharsets.UTF_8).length + 4) + line;
        String advertisement = "Content-Type: application/x-git-upload-pack-advertisement\r\n";

        String err = failure(request ->
                RawHttpServer.response("200 OK", advertisement, "001e# service=git-upload-pack\n0000" + packet));
        assertThat(err).contains("you sent");
        assertNoSecret(err);
        assertNoSecret(failure(request -> RawHttpServer.response("200 OK", advertisement, packet)));
        assertNoSecret(failure(request -> RawHttpServer.response("500 you sent " + form, "", form)));
        assertNoSecret(failure(request -> RawHttpServer.response("400 you sent " + form, "", form)));
        assertNoSecret(
                failure(request -> RawHttpServer.response("200 OK", "Content-Type: text/" + form + "\r\n", form)));
        assertNoSecret(failure(request -> RawHttpServer.response("200 OK", advertisement, form)));
        assertNoSecret(failure(request -> RawHttpServer.response(
                "301 Moved", "Location: http://" + form.substring(form.indexOf(' ') + 1) + "@x.example/y\r\n", form)));
        assertNoSecret(failure(request -> RawHttpServer.response(
                "302 Found", "Location: https://x.example/" + form.substring(form.indexOf(' ') + 1) + "\r\n", form)));
        assertNoSecret(failure(request ->
                RawHttpServer.response("401 " + form, "WWW-Authenticate: Basic realm=\"" + form + "\"\r\n", form)));
    }

    @Test
    void aRepositoryThatHasMovedIsNamedAndNotFollowedBeforeAndAfterThePasswordWasAskedFor() {
        try (var elsewhere = new RawHttpServer(request -> UNAUTHORIZED)) {
            String moved = "Location: " + elsewhere.url() + "/new/cfg-app/info/refs?service=git-upload-pack\r\n";
            for (String status : new String[] {"301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"}) {
                String answer = RawHttpServer.response(status, moved, "");
                assertThat(failure(request -> answer))
                        .contains("has moved to " + elsewhere.url() + "/new/cfg-app: ")
                        .contains("set it as the url of the repository");
                try (var server = new RawHttpServer(request -> answer)) {
                    assertThat(failure(server)).contains("has moved to " + elsewhere.url() + "/new/cfg-app: ");
                    assertThat(server.requests()).hasSize(1);
                }
            }
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    /** As GitHub, GitLab and Bitbucket say it, in the body of the answer. */
    @ParameterizedTest
    @CsvSource({
        "401 Unauthorized, remote: Invalid username or token., refused access",
        "403 Forbidden, This repository was archived so it is read-only., refused access",
        "403 Forbidden, You are not allowed to push code to this project., refused access",
        "404 Not Found, The project you were looking for could not be found., There is no git repository",
        "500 Internal Server Error, The disk of this server is full., cannot be reached"
    })
    void whatAServerSaysOfARefusalIsPassedOn(String status, String words, String sentence) {
        Function<String, String> said = type -> failure(request -> request.authorization()
                        .isEmpty()
                ? UNAUTHORIZED
                : RawHttpServer.response(
                        status, "Content-Type: " + type + "\r\nWWW-Authenticate: Basic realm=\"x\"\r\n", words));

        assertThat(said.apply("text/plain; charset=utf-8")).contains(sentence, words);
        assertThat(said.apply("text/html")).contains(sentence).doesNotContain(words);
        assertNoSecret(failure(request -> request.authorization().isEmpty()
                ? UNAUTHORIZED
                : RawHttpServer.response(
                        status,
                        "Content-Type: text/plain\r\nWWW-Authenticate: Basic realm=\"x\"\r\n",
                        "you sent " + PASSWORD)));
    }

    @Test
    void aRedirectOnTheSameServerIsNotFollowedEither() {
        try (var server = new RawHttpServer(request ->
                RawHttpServer.response("301 Moved", "Location: /other/info/refs?service=git-upload-pack\r\n", ""))) {
            assertThat(failure(server)).contains("has moved: its server redirects");
            assertThat(server.requests()).hasSize(1);
        }
    }

    /** A driver with a real server behind the password, and a repository with a commit. */
    private interface WithRealServer {
        void run(GitHttpServer server, RepositoryScene scene) throws Exception;
    }

    private void withRealServer(WithRealServer test) throws Exception {
        try (GitHttpServer server = GitHttpServer.start(Files.createDirectories(root.resolve("git")), USER, PASSWORD);
                var scene = new RepositoryScene(
                        root,
                        server.create("cfg-app", "main"),
                        server.url("cfg-app"),
                        new UsernamePasswordCredentialsProvider(USER, PASSWORD))) {
            test.run(server, scene);
        }
    }

    private static String trace(Throwable failure) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /cfg-app/info/refs?service=git-upload-pack",
                "POST /cfg-app/git-upload-pack",
                "GET /cfg-app/info/refs?service=git-receive-pack",
                "POST /cfg-app/git-receive-pack"
            })
    void aRedirectAfterThePasswordIsNotFollowedByAnyRequestOfAFetchOrPush(String request) throws Exception {
        withRealServer((server, scene) -> {
            try (var elsewhere = new RawHttpServer(any -> UNAUTHORIZED)) {
                String path = request.substring(request.indexOf("/cfg-app"));
                server.redirect(request, elsewhere.url() + "/new" + path);

                assertThatThrownBy(() -> scene.announce(scene.driver("jenkins"), "app#1", "api", "v1"))
                        .isInstanceOf(RepoUnavailable.class)
                        .hasMessageContaining("has moved to " + elsewhere.url() + "/new/cfg-app: ")
                        .hasMessageContaining("set it as the url of the repository");
                assertThat(elsewhere.requests()).isEmpty();
                assertThat(scene.refExists("refs/heads/auto")).isFalse();
            }
        });
    }

    @Test
    void whatAHookOrTheNameOfARefRepeatsIsNotPassedOn() throws Exception {
        withRealServer((server, scene) -> {
            Path said = root.resolve("said");
            Path hook = scene.remote.resolve("hooks").resolve("pre-receive");
            Files.writeString(hook, "#!/bin/sh\ncat '" + said + "' >&2\nexit 1\n");
            assertThat(hook.toFile().setExecutable(true)).isTrue();
            Driver driver = scene.driver("jenkins");
            for (String form : List.of(
                    PASSWORD,
                    Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8)),
                    URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8),
                    PASSWORD.replace("\"", "\\\""))) {
                Files.writeString(said, "you sent " + form + "\n");

                var refused = catchThrowable(() -> scene.announce(driver, "app#1", "api", "v1"));
                assertThat(refused).isInstanceOf(RepoUnavailable.class).hasMessageContaining("you sent ...");
                assertNoSecret(trace(refused));
            }
            Files.delete(hook);
            scene.git("branch", "auto/" + PASSWORD, "main");

            var refused = catchThrowable(() -> scene.announce(driver, "app#1", "api", "v1"));
            assertThat(refused)
                    .isInstanceOf(RepoUnavailable.class)
                    .hasMessageContaining("while it has refs/heads/auto/");
            assertNoSecret(trace(refused));
        });
    }

    /** The answers of a server of git, of which each text may be replaced. */
    private static final List<List<String>> ANSWERS = List.of(
            List.of(
                    "# service=git-upload-pack\n",
                    "",
                    "%s HEAD\0side-band-64k shallow ofs-delta agent=git/2\n",
                    "%s refs/heads/main\n",
                    ""),
            List.of(
                    "# service=git-upload-pack\n",
                    "",
                    "version 2\n",
                    "agent=git/2\n",
                    "ls-refs=unborn\n",
                    "fetch=shallow wait-for-done filter\n",
                    "object-format=sha1\n",
                    ""),
            List.of("# service=git-receive-pack\n", "", "%s refs/heads/main\0report-status atomic side-band-64k\n", ""),
            List.of("shallow %s\n", "", "NAK\n", "ACK %s\n", "\2progress\n", "\3fatal\n", ""),
            List.of("shallow-info\n", "shallow %s\n", "packfile\n", "\1PACK", "\2progress\n", "\3fatal\n", ""),
            List.of("acknowledgments\n", "ACK %s\n", "ready\n", ""),
            List.of("%s refs/heads/main\n", "%s HEAD symref-target:refs/heads/main peeled:%s\n", ""),
            List.of("unpack ok\n", "ok refs/heads/main\n", "ng refs/heads/auto %s\n", ""));

    /** An answer with some of its texts or lengths replaced. */
    private static String mutated(Random random, String secret) {
        var answer = new StringBuilder();
        for (String line : ANSWERS.get(random.nextInt(ANSWERS.size()))) {
            String text = line.replace("%s", random.nextInt(3) == 0 ? secret : "a".repeat(40));
            if (random.nextInt(4) == 0) {
                int at = random.nextInt(text.length() + 1);
                text = text.substring(0, at) + secret + text.substring(random.nextBoolean() ? at : text.length());
            }
            int length = text.getBytes(StandardCharsets.UTF_8).length + 4;
            int said = random.nextInt(8) == 0 ? random.nextInt(70000) : length;
            answer.append(line.isEmpty() ? "000" + random.nextInt(3) % 2 : String.format("%04x", said))
                    .append(text);
        }
        return answer.toString();
    }

    @Test
    void whateverAServerAnswersIsAFailureWithoutTheSecretAndEndsSoon() {
        var random = new Random(19);
        String type = "Content-Type: application/x-git-%s-pack-%s\r\n";
        String secret = "3c7a".repeat(10);
        Function<RawHttpServer.Request, String> answers = request -> {
            if (request.authorization().isEmpty()) {
                return UNAUTHORIZED;
            }
            String service = request.line().contains("receive-pack") ? "receive" : "upload";
            return RawHttpServer.response(
                    "200 OK",
                    type.formatted(service, request.line().startsWith("GET") ? "advertisement" : "result"),
                    mutated(random, secret));
        };
        try (var server = new RawHttpServer(answers);
                var repo = ConfigRepoClone.open(
                        root.resolve("clone"),
                        server.url() + "/cfg-app",
                        () -> new UsernamePasswordCredentialsProvider(USER, secret))) {
            for (int i = 0; i < 400; i++) {
                Throwable failure = catchThrowable(() -> repo.probe(new RefNames("main", "auto", "refs/x/state")));
                if (failure != null) {
                    assertThat(failure).as("answer %d", i).isInstanceOf(RepoUnavailable.class);
                    assertThat(trace(failure)).as("answer %d", i).doesNotContain(secret);
                }
                failure = catchThrowable(() -> repo.list("refs/heads/"));
                if (failure != null) {
                    assertThat(failure).as("list %d", i).isInstanceOf(RepoUnavailable.class);
                    assertThat(trace(failure)).as("list %d", i).doesNotContain(secret);
                }
            }
            assertThat(server.requests()).hasSizeGreaterThan(800);
        } catch (RepoUnavailable e) {
            throw new AssertionError(e);
        }
    }
}
