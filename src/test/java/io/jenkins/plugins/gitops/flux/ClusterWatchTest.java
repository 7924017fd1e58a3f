package io.jenkins.plugins.gitops.flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxId;
import io.jenkins.plugins.gitops.world.FluxSimulator;
import io.jenkins.plugins.gitops.world.FluxSimulator.Resource;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists and watches of a cluster, as an API server gives them. */
class ClusterWatchTest {

    private static final String SHA = "1".repeat(40);
    private static final FluxId APPS = new FluxId(FluxKind.KUSTOMIZATION, "flux-system", "apps");

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final AtomicInteger changes = new AtomicInteger();
    private FluxSimulator cluster;
    private ClusterWatch watch;
    private volatile String token = FluxSimulator.TOKEN;

    @BeforeEach
    void begin() throws Exception {
        cluster = new FluxSimulator();
        cluster.put(Resource.KUSTOMIZATIONS, "flux-system", "apps", kustomization("Unknown"));
    }

    @AfterEach
    void end() {
        if (watch != null) {
            watch.close();
        }
        cluster.close();
        timer.shutdownNow();
    }

    private static String kustomization(String ready) {
        return FluxSimulator.kustomization(SHA, SHA, ready, "Why", "");
    }

    private void start(String namespace) {
        var settings = new ClusterSettings("eu", cluster.url(), namespace, Optional.empty(), true);
        watch = new ClusterWatch(
                new KubernetesClient(
                        settings,
                        HttpClient::newBuilder,
                        () -> ClusterLogin.withToken(settings, token),
                        Runnable::run,
                        Clock.systemUTC(),
                        timer),
                Clock.systemUTC(),
                timer,
                timer,
                changes::incrementAndGet);
    }

    private void started() {
        start("");
        await().until(() -> watch.snapshot().read() && cluster.watches(Resource.KUSTOMIZATIONS) == 1);
    }

    private String ready() {
        return watch.snapshot()
                .find(APPS)
                .orElseThrow()
                .condition("Ready")
                .orElseThrow()
                .status();
    }

    private long lists() {
        return cluster.requests().stream()
                .filter(request -> request.contains("/kustomizations?limit"))
                .count();
    }

    @Test
    void oneListAndOneWatchOfEachKindFollowAllObjects() {
        started();
        assertThat(ready()).isEqualTo("Unknown");

        cluster.put(Resource.KUSTOMIZATIONS, "flux-system", "apps", kustomization("True"));
        await().until(() -> ready().equals("True"));
        cluster.put(Resource.HELM_RELEASES, "shop", "shop", "{}");
        await().until(() -> watch.snapshot().objects().size() == 2);
        cluster.delete(Resource.KUSTOMIZATIONS, "flux-system", "apps");
        await().until(() -> watch.snapshot().objects().size() == 1);

        assertThat(cluster.requests()).hasSize(6);
        assertThat(changes.get()).isPositive();
    }

    @Test
    void aWatchThatEndsGoesOnFromTheLastVersion() {
        started();
        cluster.bookmark(Resource.KUSTOMIZATIONS);
        cluster.put(Resource.KUSTOMIZATIONS, "flux-system", "apps", kustomization("False"));
        await().until(() -> ready().equals("False"));

        cluster.endWatches(false);
        cluster.put(Resource.KUSTOMIZATIONS, "flux-system", "apps", kustomization("True"));

        await().until(() -> ready().equals("True"));
        assertThat(lists()).isEqualTo(1);
    }

    @Test
    void aVersionThatIsForgottenIsListedAnew() {
        started();

        cluster.endWatches(true);
        cluster.put(Resource.KUSTOMIZATIONS, "flux-system", "apps", kustomization("True"));
        cluster.delete(Resource.KUSTOMIZATIONS, "flux-system", "apps");

        await().until(() -> watch.snapshot().objects().isEmpty());
        assertThat(lists()).isEqualTo(2);
        assertThat(watch.snapshot().trouble()).isEmpty();
    }

    @Test
    void longListsAreReadPageByPage() {
        cluster.pages(3);
        for (int i = 0; i < 10; i++) {
            cluster.put(Resource.KUSTOMIZATIONS, "n" + i, "apps", kustomization("True"));
        }

        started();

        assertThat(watch.snapshot().objects()).hasSize(11);
    }

    @Test
    void aChangeBetweenTwoPagesIsNotMissed() {
        cluster.pages(3);
        for (int i = 0; i < 10; i++) {
            cluster.put(Resource.KUSTOMIZATIONS, "n" + i, "apps", kustomization("True"));
        }
        // It was on the first page, which is read by then.
        cluster.beforeFurtherPages(
                () -> cluster.put(Resource.KUSTOMIZATIONS, "flux-system", "apps", kustomization("False")));

        started();

        await().until(() -> ready().equals("False"));
    }

    @Test
    void aClusterWithoutTheHelmControllerHasNoHelmReleases() {
        cluster.forget(Resource.HELM_RELEASES);

        started();

        assertThat(watch.snapshot().trouble()).isEmpty();
        assertThat(watch.snapshot().objects()).hasSize(1);
    }

    @Test
    void onlyTheNamespaceIsReadIfOneIsGiven() {
        start("shop");

        await().until(() -> cluster.requests().size() >= 3);
        assertThat(cluster.requests()).allMatch(request -> request.contains("/namespaces/shop/"));
    }

    @ParameterizedTest
    @CsvSource({
        "401, it is wrong or expired",
        "403, 'grant it the verbs get, list and watch on'",
        "404, that Flux is installed there",
        "429, asks for fewer requests",
        "500, answers with status 500",
        "302, 'redirects, which is not followed'"
    })
    void troubleIsNamedAndPassesAndTheTokenIsNotShown(int status, String words) {
        cluster.refuse(status);
        start("");
        await().until(() -> watch.snapshot().trouble().isPresent());

        assertThat(watch.snapshot().read()).isFalse();
        assertThat(watch.snapshot().trouble().orElseThrow())
                .startsWith("The cluster eu ")
                .contains(words)
                .doesNotContain(FluxSimulator.TOKEN);

        cluster.refuse(0);
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        watch.snapshot().read() && watch.snapshot().trouble().isEmpty());
    }

    @Test
    void aReplacedTokenIsUsedAtTheNextRequest() {
        token = "old";
        start("");
        await().until(() -> watch.snapshot().trouble().isPresent());

        token = FluxSimulator.TOKEN;

        await().atMost(Duration.ofSeconds(20)).until(() -> watch.snapshot().read());
    }

    @Test
    void aTargetIsReconciledAfterItsSource() {
        cluster.put(
                Resource.GIT_REPOSITORIES,
                "flux-system",
                "cfg-app",
                FluxSimulator.gitRepository("https://x.example.com/y", SHA));
        started();
        await().until(() -> watch.snapshot().objects().size() == 2);
        var targets = new FluxSelection("eu", List.of("apps"), List.of(), Optional.empty());

        assertThat(watch.reconcile(targets, new ApplicationId("flux-system", "apps")))
                .succeedsWithin(Duration.ofSeconds(10));

        assertThat(cluster.patches()).hasSize(2);
        assertThat(cluster.patches().get(0)).contains("/gitrepositories/cfg-app", "reconcile.fluxcd.io/requestedAt");
        assertThat(cluster.patches().get(1)).contains("/kustomizations/apps");
        assertThat(watch.reconcile(targets, new ApplicationId("flux-system", "other")))
                .failsWithin(Duration.ofSeconds(10));
    }
}
