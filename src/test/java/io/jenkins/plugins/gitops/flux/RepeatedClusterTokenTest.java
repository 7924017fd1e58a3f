package io.jenkins.plugins.gitops.flux;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
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

/** An API server that repeats the token in all it answers, by a list and by a watch. */
class RepeatedClusterTokenTest {

    private static final String TOKEN = "eyJhbGciOi.J9-cluster_S3CR3T+/token==";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private KubernetesClient client(RawHttpServer server) {
        var settings = new ClusterSettings("eu", server.url(), "", Optional.empty(), true);
        return new KubernetesClient(
                settings,
                HttpClient::newBuilder,
                () -> ClusterLogin.withToken(settings, TOKEN),
                Runnable::run,
                Clock.systemUTC(),
                timer);
    }

    private static void assertSilent(Object told, String form) {
        var text = new StringWriter();
        if (told instanceof Throwable failure) {
            failure.printStackTrace(new PrintWriter(text));
        } else {
            text.append(String.valueOf(told));
        }
        assertThat(text.toString()).doesNotContainIgnoringCase(form.substring(form.lastIndexOf(' ') + 1));
    }

    @Test
    void nothingThatIsRepeatedIsPassedOn() throws Exception {
        for (String form : RawHttpServer.forms("flux", TOKEN)) {
            String json = TextNode.valueOf(form).toString();
            String word = form.substring(form.lastIndexOf(' ') + 1);
            String object = "{\"metadata\":{\"name\":\"apps\",\"namespace\":\"flux-system\",\"resourceVersion\":\"1\"},"
                    + "\"status\":{\"lastAttemptedRevision\":" + json + ",\"conditions\":[{\"type\":\"Ready\","
                    + "\"status\":\"False\",\"reason\":\"Why\",\"message\":" + json + "}]}}";
            for (String answer : new String[] {
                RawHttpServer.response("403 " + form, "", "{\"kind\":\"Status\",\"message\":" + json + "}"),
                RawHttpServer.response("500 " + form, "", form),
                RawHttpServer.response("302 Found", "Location: https://" + word + "/x\r\n", form),
                RawHttpServer.response("200 OK", "", "{\"type\":\"ERROR\",\"object\":{\"message\":" + json + "}}\n"),
                RawHttpServer.response("200 OK", "", "{\"type\":\"MODIFIED\",\"object\":" + object + "}\n"),
                RawHttpServer.response(
                        "200 OK", "", "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + object + "]}"),
                RawHttpServer.response("200 OK", "", form + "\n"),
                "HTTP/1.1 " + form + "\r\n\r\n"
            }) {
                try (var server = new RawHttpServer(request -> answer)) {
                    assertSilent(
                            client(server)
                                    .list(FluxKind.KUSTOMIZATION)
                                    .handle((listed, failure) -> failure == null ? (Object) listed : failure)
                                    .get(20, TimeUnit.SECONDS),
                            form);
                    var ended = new CompletableFuture<Object>();
                    client(server).watch(FluxKind.KUSTOMIZATION, "1", new EndOfWatch(ended, new StringBuilder()));
                    assertSilent(ended.get(20, TimeUnit.SECONDS), form);
                }
            }
        }
    }

    /** Keeps what was told until the watch ends. */
    private record EndOfWatch(CompletableFuture<Object> end, StringBuilder told)
            implements KubernetesClient.WatchListener {
        @Override
        public void changed(FluxObject object, String resourceVersion) {
            told.append(object);
        }

        @Override
        public void deleted(FluxObject.FluxId id, String resourceVersion) {
            told.append(id);
        }

        @Override
        public void reached(String resourceVersion) {}

        @Override
        public void ended() {
            end.complete(told);
        }

        @Override
        public void expired() {
            end.complete(told);
        }

        @Override
        public void failed(ClusterUnavailable why) {
            end.complete(why);
        }
    }
}
