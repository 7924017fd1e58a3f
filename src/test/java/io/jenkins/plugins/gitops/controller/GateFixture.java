package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.configuration.ClusterDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.configuration.gates.GateDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SignaturesDefinition;
import io.jenkins.plugins.gitops.registry.FakeRegistry;
import io.jenkins.plugins.gitops.registry.ImageSigner;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.ConfigRepoFixture;
import io.jenkins.plugins.gitops.steps.TestCredentials;
import io.jenkins.plugins.gitops.waves.SetApproval;
import io.jenkins.plugins.gitops.world.FluxSimulator;
import io.jenkins.plugins.gitops.world.FluxSimulator.Resource;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * A repository with a wave behind each kind of gate, builds that wait before these, and the systems that open them. What
 * runs inside of a controller is apart, in {@link Address}: the controller may be a process of its own.
 */
final class GateFixture implements AutoCloseable {

    static final Duration LONG = Duration.ofMinutes(3);

    private static final String MERGE = "\nwaitForCiAndMerge timeout: '30m'\n";

    /** A gate, with the wave behind it and what the log of a build says that waits before it. */
    enum Gate {
        JOB_OF_A_VERIFICATION("checked", "in tested: smoke"),
        REPORTED_VERIFICATION("reported", "in measured: load"),
        APPROVAL("approved", "nobody approved it; 0 of 1"),
        FAN_IN("both", "elsewhere runs another set"),
        QUESTION("asked", "incidents says \"2\" at /count"),
        SIGNATURE("signed", "has no signature of cosign in its registry"),
        FLUX("rolled", "apps: Flux is still at");

        private final String wave;
        private final String sign;

        Gate(String wave, String sign) {
            this.wave = wave;
            this.sign = sign;
        }

        private String script(String main) {
            return this == FLUX
                    ? "awaitRollout wave: 'rolled', revision: '" + main + "', timeout: '30m'"
                    : "promoteWave to: '" + wave + "', wait: true, timeout: '30m'" + MERGE;
        }

        private String job() {
            return "wait-" + toString().toLowerCase(Locale.ROOT);
        }
    }

    final ConfigRepoFixture delivery;
    final Address address;
    private final FakeRegistry registry = new FakeRegistry();
    private final FluxSimulator cluster = new FluxSimulator();
    private final HttpServer incidents;
    private final ImageSigner signer;
    private final String before;
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private volatile int open = 2;

    GateFixture(Path folder) throws Exception {
        delivery = DeliveryFixture.create(folder);
        before = delivery.tip("master");
        signer = ImageSigner.of("EC");
        incidents = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        incidents.createContext("/", exchange -> {
            questions.add(exchange.getRequestURI().toString());
            byte[] answer = ("{\"count\": \"" + open + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        incidents.start();
        cluster.put(
                Resource.GIT_REPOSITORIES,
                "flux-system",
                "cfg-app",
                FluxSimulator.gitRepository(delivery.url(), before).replace("\"main\"", "\"master\""));
        rollout(before);
        address = new Address(
                delivery.bare().toString(),
                registry.host(),
                registry.push("shop", "1", "layer"),
                signer.publicKey(),
                cluster.url(),
                "http://127.0.0.1:" + incidents.getAddress().getPort() + "/open",
                folder.resolve("go").toString());
    }

    private void rollout(String commit) {
        cluster.put(
                Resource.KUSTOMIZATIONS,
                "flux-system",
                "apps",
                FluxSimulator.kustomization(commit, commit, "True", "ReconciliationSucceeded", ""));
    }

    /** The other systems let everything through from now on. */
    void open() throws Exception {
        open = 0;
        registry.push(
                "shop",
                address.digest().replace(':', '-') + ".sig",
                FakeRegistry.OCI_MANIFEST,
                signer.simple(registry, ImageSigner.payload(address.digest())));
        Files.createFile(Path.of(address.go()));
        rollout(delivery.tip("master"));
    }

    /** What the other systems were asked. */
    List<String> requests() {
        List<String> all = new ArrayList<>(registry.requests());
        all.addAll(cluster.requests());
        all.addAll(questions);
        return all;
    }

    /** Each wave has the image, brought there by one commit. */
    void assertDeliveredOnce() {
        for (Gate gate : Gate.values()) {
            assertThat(delivery.show("master", "images/" + gate.wave + "/digests.json"))
                    .contains(address.digest());
        }
        assertThat(GitCli.run(delivery.bare(), "log", "--format=%(trailers:key=Autocommit-Id,valueonly)", "master")
                        .lines()
                        .filter(id -> !id.isBlank()))
                .hasSize(5 + Gate.values().length - 1)
                .doesNotHaveDuplicates();
        assertThat(GitCli.run(delivery.bare(), "rev-list", "master..auto")).isEmpty();
    }

    @Override
    public void close() {
        registry.close();
        cluster.close();
        incidents.stop(0);
    }

    /**
     * Where everything is, for a controller.
     *
     * @param digest of the only image
     * @param go the file for which the job of the verification waits
     */
    record Address(
            String bare, String registry, String digest, String publicKey, String cluster, String incidents, String go)
            implements Serializable {

        void configure() throws IOException {
            TestCredentials.addSecret("flux-token", FluxSimulator.TOKEN);
            var eu = new ClusterDefinition("eu", cluster);
            eu.setAllowInsecure(true);
            eu.setCredentialsId("flux-token");
            GitOpsWavesConfiguration.get().setClusters(List.of(eu));
            var images = new RegistryDefinition("http://" + registry);
            images.setAllowInsecure(true);
            GitOpsWavesConfiguration.get().setRegistries(List.of(images));
            RepositoryDefinition repository =
                    ConfigRepoFixture.definition(Path.of(bare).toUri().toString());
            repository.setPollInterval("1s");
            repository.setSignatures(new SignaturesDefinition(List.of(publicKey), List.of("signed")));
            repository.setWaves(waves());
            GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        }

        private List<WaveDefinition> waves() {
            var smoke = new VerificationDefinition("smoke");
            smoke.setJob("smoke");
            var tested = new WaveDefinition("tested");
            tested.setVerifications(List.of(smoke));
            var measured = new WaveDefinition("measured");
            measured.setVerifications(List.of(new VerificationDefinition("load")));
            var rolled = new WaveDefinition("rolled");
            rolled.setFluxCluster("eu");
            rolled.setKustomizations(List.of("apps"));
            WaveDefinition approved = behind("approved", "staging");
            var approvals = new ApprovalsDefinition();
            approvals.setCount(1);
            approved.setApprovals(approvals);
            var question = new GateDefinition("incidents", incidents);
            question.setAllowInsecure(true);
            question.setPointer("/count");
            question.setValue("0");
            question.setEvery("30s");
            WaveDefinition asked = behind("asked", "staging");
            asked.setGates(List.of(question));
            return List.of(
                    new WaveDefinition("staging"),
                    new WaveDefinition("elsewhere"),
                    tested,
                    measured,
                    rolled,
                    behind("checked", "tested"),
                    behind("reported", "measured"),
                    approved,
                    behind("both", "staging, elsewhere"),
                    asked,
                    behind("signed", "staging"));
        }

        private static WaveDefinition behind(String name, String before) {
            var wave = new WaveDefinition(name);
            wave.setPromotesFrom(before);
            return wave;
        }

        private String commit(String wave) {
            return "commitConfig wave: '" + wave + "', images: [shop: [Tag: '" + registry + "/shop:1', Digest: '"
                    + registry + "/shop@" + digest + "']]\n";
        }

        /** Delivers to the waves before the gates, and has a number of builds wait before these, as many before each. */
        void startWaiting(JenkinsRule jenkins, int builds) throws Exception {
            DeliveryFixture.job(
                    jenkins, "smoke", "node { sh 'until test -e " + go + "; do sleep 0.2; done; echo checked it' }");
            deliver(jenkins, "deliver", "staging", "tested", "measured", "rolled");
            String main = GitCli.run(Path.of(bare), "rev-parse", "master").strip();
            for (Gate gate : Gate.values()) {
                DeliveryFixture.job(jenkins, gate.job(), gate.script(main));
            }
            for (int i = 0; i < builds; i++) {
                Gate gate = Gate.values()[i % Gate.values().length];
                job(jenkins, gate.job()).scheduleBuild2(0).waitForStart();
            }
            for (Gate gate : Gate.values()) {
                for (WorkflowRun build : job(jenkins, gate.job()).getBuilds()) {
                    await().atMost(LONG)
                            .untilAsserted(
                                    () -> assertThat(JenkinsRule.getLog(build)).contains(gate.sign));
                }
            }
            await().atMost(LONG).until(() -> job(jenkins, "smoke").getBuildByNumber(1) != null);
            jenkins.waitForMessage("+ test -e", job(jenkins, "smoke").getBuildByNumber(1));
        }

        private void deliver(JenkinsRule jenkins, String name, String... waves) throws Exception {
            var script = new StringBuilder();
            for (String wave : waves) {
                script.append(commit(wave));
            }
            jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, name, script.toString()));
            completes(jenkins, List.of());
        }

        /** Opens what people and builds of this controller open. */
        void open(JenkinsRule jenkins) throws Exception {
            jenkins.buildAndAssertSuccess(DeliveryFixture.job(
                    jenkins, "load", "reportVerification wave: 'measured', name: 'load', state: 'success'"));
            jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
            try (ACLContext as = ACL.as2(User.getById("grace", true).impersonate2())) {
                WorkflowRun approval = DeliveryFixture.job(jenkins, "approve", "approveSet wave: 'approved'")
                        .scheduleBuild2(0, new CauseAction(new Cause.UserIdCause()))
                        .get();
                jenkins.assertBuildStatusSuccess(approval);
            }
            deliver(jenkins, "deliver-elsewhere", "elsewhere");
        }

        /** CI reports whatever is queued as green until the builds have ended and nothing is queued. */
        private void completes(JenkinsRule jenkins, List<WorkflowRun> builds) throws Exception {
            Path repository = Path.of(bare);
            var reported = new HashSet<String>();
            await().atMost(LONG).until(() -> {
                for (String tip : GitCli.run(
                                repository,
                                "for-each-ref",
                                "--no-merged=refs/heads/master",
                                "--format=%(objectname)",
                                "refs/heads/auto")
                        .lines()
                        .toList()) {
                    if (reported.add(tip)) {
                        report(jenkins, tip);
                    }
                }
                return GitCli.run(repository, "rev-list", "master..auto").isEmpty()
                        && builds.stream().noneMatch(WorkflowRun::isBuilding);
            });
            for (WorkflowRun build : builds) {
                jenkins.assertBuildStatusSuccess(build);
            }
        }

        private static void report(JenkinsRule jenkins, String sha) throws Exception {
            String name = "ci-" + sha.substring(0, 10);
            jenkins.buildAndAssertSuccess(DeliveryFixture.job(
                    jenkins,
                    name,
                    "reportCiStatus sha: '" + sha + "', context: '" + ConfigRepoFixture.CHECK
                            + "', state: 'success', url: 'https://ci.example.com/1'"));
        }

        /** All builds end well, and no gate was opened twice. */
        void assertPassed(JenkinsRule jenkins) throws Exception {
            List<WorkflowRun> builds = waiting(jenkins);
            completes(jenkins, builds);
            assertThat(job(jenkins, "smoke").getBuilds())
                    .as("the verification is done once")
                    .hasSize(1);
            assertThat(approvers()).containsExactly("grace");
            for (WorkflowRun build : builds) {
                assertThat(JenkinsRule.getLog(build)).doesNotContain("Exception", "\tat ");
            }
        }

        /** The builds that wait before gates. */
        static List<WorkflowRun> waiting(JenkinsRule jenkins) {
            var builds = new ArrayList<WorkflowRun>();
            for (Gate gate : Gate.values()) {
                builds.addAll(job(jenkins, gate.job()).getBuilds());
            }
            return builds;
        }

        private static List<String> approvers() {
            return DriverRegistry.get().state("cfg-app").orElseThrow().waves().stream()
                    .filter(wave -> wave.path().wave().equals("approved"))
                    .flatMap(wave -> wave.state().approvals().stream())
                    .map(SetApproval::by)
                    .toList();
        }

        private static WorkflowJob job(JenkinsRule jenkins, String name) {
            return jenkins.jenkins.getItemByFullName(name, WorkflowJob.class);
        }
    }
}
