package io.jenkins.plugins.gitops.ci.forges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.gitops.remote.RawHttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A forge that repeats the token in all it answers. */
class RepeatedForgeTokenTest {

    private static final String TOKEN = "ghp_S3CR3T/+&x0123456789";
    private static final String SHA = "0123456789012345678901234567890123456789";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private String said(RawHttpServer server) {
        var settings = new ForgeSettings(ForgeSettings.ForgeKind.GITEA, server.url(), "acme/cfg-app", true, false);
        var client = ForgeClient.of(
                settings,
                HttpClient.newHttpClient(),
                timer,
                Runnable::run,
                () -> Optional.of(TOKEN),
                new RateLimit(Clock.systemUTC()));
        var said = new StringWriter();
        Throwable failure = catchThrowable(() ->
                said.write(client.fetch(SHA, Set.of("main")).get().results().toString()));
        if (failure != null) {
            failure.printStackTrace(new PrintWriter(said));
        }
        return said.toString();
    }

    @Test
    void nothingThatIsRepeatedIsPassedOn() {
        for (String form : RawHttpServer.forms("x-access-token", TOKEN)) {
            String json = TextNode.valueOf(form).toString();
            String word = form.substring(form.lastIndexOf(' ') + 1);
            for (String answer : new String[] {
                RawHttpServer.response("401 " + form, "", "{\"message\":" + json + "}"),
                RawHttpServer.response("403 No", "", "{\"error\":" + json + "}"),
                RawHttpServer.response("500 No", "", "{\"message\":" + json + "}"),
                RawHttpServer.response("301 Moved", "Location: https://" + word + "/x\r\n", ""),
                RawHttpServer.response("200 OK", "", "{\"x\":" + form),
                RawHttpServer.response(
                        "200 OK",
                        "",
                        "[{\"id\":1,\"context\":\"build\",\"status\":\"success\",\"description\":" + json
                                + ",\"target_url\":\"https://ci.example.com/" + word.replace("\"", "")
                                + "\",\"created_at\":\"2026-01-01T00:00:00Z\"}]"),
                "HTTP/1.1 " + form + "\r\n\r\n"
            }) {
                try (var server = new RawHttpServer(request -> answer)) {
                    String said = said(server);
                    assertThat(said).isNotEmpty();
                    for (String other : RawHttpServer.forms("x-access-token", TOKEN)) {
                        assertThat(said).doesNotContainIgnoringCase(other.substring(other.lastIndexOf(' ') + 1));
                    }
                }
            }
        }
    }
}
