package io.jenkins.plugins.gitops.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jenkins.plugins.gitops.remote.RawHttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A registry and its token service that repeat passwords and tokens in all they answer. */
class RepeatedPasswordTest {

    private static final String USER = "puller";
    private static final String PASSWORD = "PULL_S3CR3T/+&\"x";
    private static final String TOKEN = "issued.token-0123456789";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private void assertSilent(Function<RawHttpServer.Request, String> answers) {
        try (var server = new RawHttpServer(answers)) {
            var settings = new RegistrySettings(server.url(), Set.of(), true);
            var resolver =
                    new ImageResolver(HttpClient.newHttpClient(), Clock.systemUTC(), timer, registry -> settings);
            String host = server.url().substring("http://".length());
            Throwable failure = catchThrowable(() -> resolver.resolve(
                            new ImageQuery("shop", host + "/app/api", "1", Optional.empty(), Optional.empty(), false),
                            new RegistryCredentials(USER, PASSWORD))
                    .get());
            assertThat(failure).isNotNull();
            var trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            for (String secret : new String[] {PASSWORD, TOKEN}) {
                for (String form : RawHttpServer.forms(USER, secret)) {
                    assertThat(trace.toString()).doesNotContainIgnoringCase(form.substring(form.lastIndexOf(' ') + 1));
                }
            }
        }
    }

    private static String challenge(RawHttpServer.Request request) {
        return RawHttpServer.response(
                "401 Unauthorized",
                "WWW-Authenticate: Bearer realm=\"http://" + request.headers().get("host")
                        + "/token\",service=\"r\"\r\n",
                "");
    }

    private static String afterLogin(RawHttpServer.Request request, String answer) {
        if (request.line().contains("/token")) {
            return RawHttpServer.response("200 OK", "", "{\"token\":\"" + TOKEN + "\"}");
        }
        return request.authorization().isEmpty() ? challenge(request) : answer;
    }

    @Test
    void nothingThatARegistryRepeatsIsPassedOn() {
        for (String secret : new String[] {PASSWORD, TOKEN}) {
            for (String form : RawHttpServer.forms(USER, secret)) {
                String word = form.substring(form.lastIndexOf(' ') + 1);
                assertSilent(request ->
                        afterLogin(request, RawHttpServer.response("200 OK", "Content-Type: " + word + "\r\n", form)));
                assertSilent(request -> afterLogin(
                        request, RawHttpServer.response("302 Found", "Location: https://" + word + "/x\r\n", form)));
                assertSilent(request -> afterLogin(
                        request,
                        RawHttpServer.response(
                                "200 OK",
                                "Content-Type: application/vnd.oci.image.manifest.v1+json\r\nDocker-Content-Digest: "
                                        + word + "\r\n",
                                "{\"a\":" + form)));
            }
        }
        assertSilent(request -> afterLogin(
                request, RawHttpServer.response("403 No", "", "{\"errors\":[{\"code\":\"" + PASSWORD + "\"}]}")));
    }

    @Test
    void nothingThatATokenServiceRepeatsIsPassedOn() {
        for (String form : RawHttpServer.forms(USER, PASSWORD)) {
            for (String answer : new String[] {
                RawHttpServer.response("403 " + form, "", form),
                RawHttpServer.response("200 OK", "", "{\"token\":" + form),
                RawHttpServer.response("200 OK", "", "{\"token\":\"a b\",\"x\":" + form),
                RawHttpServer.response(
                        "307 Moved", "Location: https://" + form.substring(form.lastIndexOf(' ') + 1) + "\r\n", "")
            }) {
                assertSilent(request -> request.line().contains("/token") ? answer : challenge(request));
            }
        }
    }
}
