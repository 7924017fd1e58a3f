package io.jenkins.plugins.gitops.flux;

import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.certificate;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.kubeconfig;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.pem;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.settings;
import static io.jenkins.plugins.gitops.flux.KubeconfigFixture.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.world.FluxSimulator;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that are encrypted, to an API server that may know its clients by their certificates. */
class ClusterTlsTest {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger opened = new AtomicInteger();
    private volatile String file = "";

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private static FluxSimulator server(boolean knowsByCertificate) throws Exception {
        KeyStore authorities = ClusterTls.emptyStore();
        authorities.setCertificateEntry(
                "ca", ClusterTls.certificates(pem("ca.pem")).get(0));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(authorities);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(
                new ClientCertificate(pem("server.pem"), pem("server.key")).managers(),
                trusted.getTrustManagers(),
                null);
        return new FluxSimulator(tls, knowsByCertificate);
    }

    private KubernetesClient client() {
        return new KubernetesClient(
                settings(""),
                () -> {
                    opened.incrementAndGet();
                    return HttpClient.newBuilder();
                },
                () -> KubeconfigReader.read(settings(""), file.getBytes(StandardCharsets.UTF_8)),
                Runnable::run,
                Clock.systemUTC(),
                timer);
    }

    private static Object answer(CompletableFuture<?> call) throws Exception {
        return call.handle((answer, failure) -> failure == null ? answer : failure.getCause())
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void theAuthorityOfTheFileIsTrustedAndNoOther() throws Exception {
        try (var server = server(false)) {
            file = kubeconfig(server.url(), token(FluxSimulator.TOKEN));
            assertThat(answer(client().count())).asString().isEqualTo("[0, 0, 0]");

            file = file.replace(
                    KubeconfigFixture.base64(pem("ca.pem")), KubeconfigFixture.base64(pem("client-rsa.pem")));
            assertThat(answer(client().count())).asString().contains("TLS failed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client-rsa", "client-ec", "client-ed25519"})
    void aClientCertificateIsShown(String name) throws Exception {
        try (var server = server(true)) {
            file = kubeconfig(server.url(), certificate(name));
            assertThat(answer(client().count())).asString().isEqualTo("[0, 0, 0]");

            file = kubeconfig(server.url(), token(FluxSimulator.TOKEN));
            assertThat(answer(client().count())).isInstanceOf(ClusterUnavailable.class);
        }
    }

    @Test
    void aReplacedFileIsUsedAtTheNextRequestAndConnectionsAreKeptWhileItsCertificatesStay() throws Exception {
        try (var server = server(true)) {
            KubernetesClient client = client();
            file = kubeconfig(server.url(), certificate("client-rsa"));
            assertThat(answer(client.count())).asString().isEqualTo("[0, 0, 0]");
            assertThat(opened).hasValue(1);

            file = kubeconfig(server.url(), certificate("client-ec"));
            assertThat(answer(client.count())).asString().isEqualTo("[0, 0, 0]");
            assertThat(opened).hasValue(2);

            server.refuse(401);
            assertThat(answer(client.count())).asString().contains("refuses the client certificate");
        }
    }
}
