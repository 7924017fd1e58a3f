package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.remote.RawHttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An Argo CD server that repeats the token in all it answers. */
class RepeatedTokenTest {

    private static final String TOKEN = "eyJhbGciOi.J9-argo_S3CR3T+/token==";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private ArgoCdClient client(RawHttpServer server) {
        return new ArgoCdClient(
                new ArgoCdSettings("main", server.url(), "", true, true),
                HttpClient.newHttpClient(),
                () -> TOKEN,
                Runnable::run,
                Clock.systemUTC(),
                timer);
    }

    private static void assertSilent(Throwable failure) {
        assertThat(failure).isNotNull();
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        for (String form : RawHttpServer.forms("argo", TOKEN)) {
            assertThat(trace.toString()).doesNotContainIgnoringCase(form.substring(form.lastIndexOf(' ') + 1));
        }
    }

    @Test
    void nothingThatIsRepeatedIsPassedOnByAListOrAStream() throws Exception {
        for (String form : RawHttpServer.forms("argo", TOKEN)) {
            String json = TextNode.valueOf(form).toString();
            String word = form.substring(form.lastIndexOf(' ') + 1);
            for (String answer : new String[] {
                RawHttpServer.response(
                        "403 " + form, "", "{\"error\":" + json + ",\"code\":7,\"message\":" + json + "}"),
                RawHttpServer.response("500 " + form, "", "{\"error\":{\"message\":" + json + "}}"),
                RawHttpServer.response("302 Found", "Location: https://" + word + "/x\r\n", form),
                RawHttpServer.response("200 OK", "", "{\"error\":{\"http_code\":401,\"message\":" + json + "}}\n"),
                RawHttpServer.response("200 OK", "", "data: {\"error\":{\"message\":" + json + "}}\n\n"),
                RawHttpServer.response("200 OK", "", form + "\n"),
                "HTTP/1.1 " + form + "\r\n\r\n"
            }) {
                try (var server = new RawHttpServer(request -> answer)) {
                    assertSilent(catchThrowable(() -> client(server).list().get(20, TimeUnit.SECONDS)));
                    var ended = new CompletableFuture<ArgoCdUnavailable>();
                    client(server).stream(Optional.empty(), new EndOfStream(ended));
                    assertSilent(ended.get(20, TimeUnit.SECONDS));
                }
            }
        }
    }

    private record EndOfStream(CompletableFuture<ArgoCdUnavailable> why) implements ArgoCdClient.StreamListener {
        @Override
        public void alive() {}

        @Override
        public void changed(ApplicationListing.VersionedApplication application) {}

        @Override
        public void deleted(ApplicationListing.VersionedApplication application) {}

        @Override
        public void ended(ArgoCdUnavailable ended) {
            why.complete(ended);
        }
    }
}
