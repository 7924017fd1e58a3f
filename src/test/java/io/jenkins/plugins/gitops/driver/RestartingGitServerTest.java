package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.git.remote.SshAccess;
import io.jenkins.plugins.gitops.remote.RawHttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a server answers while it restarts or is overloaded can get better, and what it refuses cannot. The answers of a
 * test are tried at once, since each is tried again.
 */
class RestartingGitServerTest {

    private static final RefNames NAMES = new RefNames("main", "auto", RefNames.defaultState("main"));

    private static final CredentialsSource LOGIN = () -> new UsernamePasswordCredentialsProvider("bot", "password");

    @TempDir
    Path root;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdown();
    }

    private <T> void atOnce(List<T> all, Consumer<T> tried) {
        all.stream()
                .map(each -> CompletableFuture.runAsync(() -> tried.accept(each), threads))
                .toList()
                .forEach(CompletableFuture::join);
    }

    private void getsBetter(boolean expected, String url, CredentialsSource credentials) {
        for (boolean toPush : new boolean[] {false, true}) {
            var failure = catchThrowableOfType(RepoUnavailable.class, () -> {
                try (var repo = ConfigRepoClone.open(Files.createTempDirectory(root, "clone"), url, credentials)) {
                    if (toPush) {
                        repo.lookToPush(NAMES);
                    } else {
                        repo.look(NAMES);
                    }
                }
            });
            assertThat(failure).as("%s, to push: %s", url, toPush).isNotNull();
            assertThat(!(failure instanceof RepoMisconfigured))
                    .as("to push: %s: %s", toPush, failure)
                    .isEqualTo(expected);
        }
    }

    private void answers(boolean getBetter, List<Function<RawHttpServer.Request, String>> answers) {
        atOnce(answers, answer -> {
            try (var server = new RawHttpServer(answer)) {
                getsBetter(getBetter, server.url() + "/cfg-app", LOGIN);
            }
        });
    }

    private static Function<RawHttpServer.Request, String> text(String status, String words) {
        return request -> RawHttpServer.response(status, "Content-Type: text/plain\r\n", words);
    }

    private static Function<RawHttpServer.Request, String> html(String status, String more, String body) {
        return request -> RawHttpServer.response(status, "Content-Type: text/html\r\n" + more, body);
    }

    /** What git would advertise, after its first line. */
    private static Function<RawHttpServer.Request, String> advertised(String refs) {
        return request -> {
            String service = request.line().contains("receive-pack") ? "receive-pack" : "upload-pack";
            String first = "# service=git-" + service + "\n";
            return RawHttpServer.response(
                    "200 OK",
                    "Content-Type: application/x-git-" + service + "-advertisement\r\n",
                    String.format("%04x", first.length() + 4) + first + refs);
        };
    }

    @Test
    void whatPassesOverHttpCanGetBetter() {
        answers(
                true,
                List.of(
                        text("500 Internal Server Error", "auth failure: the directory does not answer"),
                        text("502 Bad Gateway", "not authorized upstream"),
                        text("503 Service Unavailable", "git-upload-pack not permitted on Sundays"),
                        text("504 Gateway Timeout", "authentication is required of the host key server"),
                        html("500 Internal Server Error", "", "<html>"),
                        text("429 Too Many Requests", "not permitted on this day"),
                        html("403 Forbidden", "Retry-After: 3\r\n", "<html>You have exceeded a secondary rate limit"),
                        html("200 OK", "", "<html>We are not authorized to say more</html>"),
                        html("200 OK", "", ""),
                        advertised(""),
                        advertised("0000"),
                        advertised("000000aa7d1043473d55bfa90e8530d358"),
                        advertised("00000034ERR internal error, host key not permitted on"),
                        request -> ""));
    }

    @Test
    void whatIsRefusedOverHttpCannot() {
        answers(
                false,
                List.of(
                        html("401 Unauthorized", "WWW-Authenticate: Basic realm=\"git\"\r\n", ""),
                        html("403 Forbidden", "", "<html>"),
                        text("403 Forbidden", "This token may not read it, temporarily or not"),
                        text("404 Not Found", "No such project"),
                        html("404 Not Found", "", "<html>")));
    }

    /** An answer of a port behind which the server is not up yet, or of another one. */
    private record Greeting(ServerSocket socket, byte[] bytes) implements AutoCloseable {

        static Greeting of(String text) {
            try {
                return new Greeting(
                        new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                        text.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void greet() {
            while (!socket.isClosed()) {
                try (Socket client = socket.accept()) {
                    client.getOutputStream().write(bytes);
                    client.getOutputStream().flush();
                    client.getInputStream().read();
                } catch (IOException e) {
                    // The client has gone, or the test has ended.
                }
            }
        }

        String url(String scheme) {
            return scheme + "://127.0.0.1:" + socket.getLocalPort() + "/cfg-app";
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void aConnectionThatBreaksCanGetBetter() {
        var texts = List.of(
                "",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "Exceeded MaxStartups\r\n",
                "Not allowed at this time\r\n",
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                // An alert of TLS: handshake_failure.
                "\u0015\u0003\u0001\u0000\u0002\u0002\u0028");
        atOnce(
                texts.stream()
                        .flatMap(text -> Stream.of("ssh", "https", "http").map(scheme -> List.of(scheme, text)))
                        .toList(),
                each -> {
                    try (var greeting = Greeting.of(each.get(1))) {
                        threads.execute(greeting::greet);
                        boolean overSsh = each.get(0).equals("ssh");
                        getsBetter(
                                true,
                                greeting.url(each.get(0)),
                                overSsh ? ssh(List.of(), root.resolve("none")) : LOGIN);
                    }
                });
    }

    private static CredentialsSource ssh(List<String> keys, Path knownHosts) {
        return new CredentialsSource() {
            @Override
            public CredentialsProvider get() {
                return null;
            }

            @Override
            public SshAccess ssh() {
                return new SshAccess("bot", keys, null, new OpenSshServerKeyDatabase(true, List.of(knownHosts)));
            }
        };
    }

    /** Each command answers for the repository of its number. */
    private void overSsh(boolean getBetter, List<String> commands) throws IOException {
        var script = new StringBuilder("case \"$SSH_ORIGINAL_COMMAND\" in\n");
        for (int i = 0; i < commands.size(); i++) {
            script.append("*/")
                    .append(i)
                    .append("\\'*) ")
                    .append(commands.get(i))
                    .append(";;\n");
        }
        Path file = Files.writeString(root.resolve("answers"), script.append("esac\n"));
        Path folder = root.resolve("sshd");
        String settings = "MaxStartups 100\nForceCommand sh " + file;
        try (var server = new RealSshd(folder, folder.resolve("authorized_keys"), settings)) {
            var credentials = ssh(List.of(server.acceptedKey("bot", "ed25519", null)), server.knownHosts());
            atOnce(commands, each -> getsBetter(getBetter, server.url("/acme/" + commands.indexOf(each)), credentials));
        }
    }

    @Test
    void whatPassesOverSshCanGetBetter() throws IOException {
        overSsh(
                true,
                List.of(
                        "exit 0",
                        "exit 255",
                        "kill -9 $$",
                        "echo 'GitLab: Internal API unreachable' >&2; exit 1",
                        "echo 'GitLab: Failed to authorize your Git request: internal API unreachable' >&2; exit 128",
                        "echo 'remote: Internal API error (502)' >&2; exit 1",
                        "echo 'Gitea: Internal Server Connection Error' >&2; exit 1",
                        "echo 'ERROR: Service temporarily unavailable. Try again later.' >&2; exit 1",
                        "echo 'The server is under heavy load and cannot service your request' >&2; exit 1",
                        "echo 'fatal: unable to create thread: Resource temporarily unavailable' >&2; exit 128",
                        "echo 'The server is starting' >&2; exit 1",
                        "echo \"rm: cannot remove '/home/git/.shims/tmp': No such file or directory\" >&2; exit 255",
                        "printf '0033ERR internal error, and access denied to nobody'"));
    }

    @Test
    void whatIsRefusedOverSshCannot() throws IOException {
        overSsh(
                false,
                List.of(
                        "git-shell -c \"$SSH_ORIGINAL_COMMAND\"",
                        "echo 'ERROR: Repository not found.' >&2; exit 1",
                        "echo 'ERROR: The project could not be found or you need permission to view it.' >&2; exit 1",
                        "echo 'Forgejo: Cannot find repository: acme/cfg-app' >&2; exit 1",
                        "echo 'Gitea: Unauthorized' >&2; exit 1",
                        "echo 'The repository either does not exist or you do not have access.' >&2; exit 1",
                        "echo 'FATAL: R any acme/cfg-app bot DENIED by fallthru' >&2; exit 1",
                        "echo 'fatal: acme/unavailable: not found' >&2; exit 1"));
    }
}
