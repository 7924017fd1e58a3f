package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.remote.RawHttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A git server over HTTP that repeats the password, or sends the client elsewhere with it. */
class HostileGitServerTest {

    private static final String USER = "bot";
    private static final String PASSWORD = "s3cr3t/Pa+ss&w\"rd";
    private static final String UNAUTHORIZED =
            RawHttpServer.response("401 Unauthorized", "WWW-Authenticate: Basic realm=\"git\"\r\n", "");

    @TempDir
    Path root;

    static Stream<String> forms() {
        return RawHttpServer.forms(USER, PASSWORD).stream();
    }

    private String failure(Function<RawHttpServer.Request, String> answers) {
        try (var server = new RawHttpServer(
                request -> request.authorization().isEmpty() ? UNAUTHORIZED : answers.apply(request))) {
            return failure(server);
        }
    }

    private String failure(RawHttpServer server) {
        var failure = catchThrowableOfType(RepoUnavailable.class, () -> {
            try (var repo = ConfigRepoClone.open(
                    root.resolve("clone"),
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

    @ParameterizedTest
    @MethodSource("forms")
    void whatTheServerRepeatsIsNotPassedOn(String form) {
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

    @Test
    void aRedirectOnTheSameServerIsNotFollowedEither() {
        try (var server = new RawHttpServer(request ->
                RawHttpServer.response("301 Moved", "Location: /other/info/refs?service=git-upload-pack\r\n", ""))) {
            assertThat(failure(server)).contains("has moved: its server redirects");
            assertThat(server.requests()).hasSize(1);
        }
    }
}
