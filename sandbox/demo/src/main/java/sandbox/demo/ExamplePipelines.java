package sandbox.demo;

import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.runtime.clones.CloneOpener;
import io.jenkins.plugins.gitops.triggers.PromotionJobParameters;
import io.jenkins.plugins.gitops.triggers.StartedBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import sandbox.runner.BuildRequest;
import sandbox.runner.BuildResult;
import sandbox.runner.PageShell;
import sandbox.runner.RunningBuild;
import sandbox.runner.Sandbox;
import sandbox.runner.WebServer;
import sandbox.runner.WhyCommand;

/** Runs the example Jenkinsfiles on the plugin's real steps, with the example's configuration. */
final class ExamplePipelines implements AutoCloseable {

    private static final String APP_JOB = "app";
    private static final String CI_JOB = "cfg-app-ci";
    private static final String PROMOTION_JOB = "promote";
    private static final String PROMOTION = "cfg-app/Jenkinsfile.promote";

    private final Path examples;
    private final Path homes;
    private final ChangeSignal news;
    private final DemoRepositories repositories;
    private final DemoCluster cluster;
    private final String deployedSecret = UUID.randomUUID().toString();
    private final Sandbox sandbox;
    private final WebServer server;
    private final AtomicInteger started = new AtomicInteger();

    /**
     * Starts a sandbox that also answers webhooks and serves the live page.
     *
     * @param homes the folder for the homes and workspaces
     * @param port the port of webhooks and page; 0 for a free one
     */
    ExamplePipelines(
            Path examples, Path homes, ChangeSignal news, DemoRepositories repositories, DemoCluster cluster, int port)
            throws IOException {
        this.examples = examples;
        this.homes = homes;
        this.news = news;
        this.repositories = repositories;
        this.cluster = cluster;
        this.sandbox = Sandbox.open(
                homes.resolve("jenkins"), Files.readString(examples.resolve("casc.yaml")), configuration());
        this.server = WebServer.on(InetAddress.getLoopbackAddress().getHostAddress(), port);
        server.start((repository, announced) -> 0, PageShell.of(this::promote));
    }

    /**
     * The environment variables that the example's configuration refers to, with shorter intervals than by default.
     */
    private Map<String, String> configuration() {
        return Map.ofEntries(
                Map.entry("GIT_USER", DemoRepositories.USER),
                Map.entry("APP_GIT_PASSWORD", repositories.password()),
                Map.entry("CFG_APP_GIT_PASSWORD", repositories.password()),
                Map.entry("CFG_APP_URL", repositories.configUrl()),
                Map.entry("ARGO_URL", cluster.url()),
                Map.entry("ARGO_TOKEN", cluster.token("jenkins")),
                Map.entry("DEPLOYED_SECRET", deployedSecret),
                Map.entry("REGISTRY_PASSWORD", ""),
                // The images of the demo are in no registry.
                Map.entry("VERIFY_IMAGES", "false"),
                Map.entry("ALLOW_INSECURE", "true"),
                Map.entry("POLL_INTERVAL", "1s"),
                Map.entry("RED_GRACE", "1s"),
                Map.entry("SOAK", "5s"));
    }

    /** Returns the URL of the webhooks. */
    String hooksUrl() {
        return server.url();
    }

    /** Returns the URL of the live page. */
    String pageUrl() {
        return server.pageUrl();
    }

    /** The secret that authenticates webhooks about deployments. */
    String deployedSecret() {
        return deployedSecret;
    }

    /** Starts the app's pipeline for a commit. */
    Build deliver(String commit) {
        return start(
                APP_JOB,
                "app/Jenkinsfile",
                Map.of(),
                // No registry, even if the environment names one: the demo pushes nothing to other servers.
                Map.of("APP_URL", repositories.appUrl(), "APP_REF", commit, "IMAGE_REGISTRY", ""));
    }

    /** Starts the promotion from one wave to the next. */
    Build promote(String from, String to) {
        return start(PROMOTION_JOB, PROMOTION, Map.of("FROM", from, "TO", to), Map.of());
    }

    /** Starts a promotion or rollback that a user requests on the live page; returns a message for the page. */
    private StartedBuild promote(String job, PromotionJobParameters order) {
        return new StartedBuild(
                start(job, PROMOTION, order.parameters(), Map.of()).name() + " began.", Optional.empty());
    }

    /** Starts the job that holds a wave for a reason, or releases it if that is empty. */
    Build hold(String wave, String reason) {
        return start(PROMOTION_JOB, "cfg-app/Jenkinsfile.hold", Map.of("WAVE", wave, "REASON", reason), Map.of());
    }

    /** Starts the promotion in a separate process, a second Jenkins. */
    ForkedBuild promoteApart(String from, String to) {
        started.incrementAndGet();
        ForkedBuild apart = new ForkedBuild(
                news,
                examples.resolve("casc.yaml"),
                examples.resolve(PROMOTION),
                homes.resolve("another-jenkins"),
                PROMOTION_JOB,
                configuration());
        apart.start(Map.of("FROM", from, "TO", to));
        return apart;
    }

    /** Runs the CI pipeline of the config repository on a commit to its end; the pipeline reports its result. */
    void test(ConfigRepoCi.Tip tip) {
        start(
                        CI_JOB,
                        "cfg-app/Jenkinsfile",
                        Map.of(),
                        Map.of("CFG_URL", repositories.configUrl(), "CFG_SHA", tip.sha(), "CFG_BRANCH", tip.branch()))
                .await();
    }

    private Build start(
            String job, String jenkinsfile, Map<String, String> parameters, Map<String, String> environment) {
        // Builds of one job may run at the same time, so each has its own workspace.
        Path workspace = homes.resolve("workspace").resolve(job + "-" + started.incrementAndGet());
        BuildOutput output = new BuildOutput(news);
        try {
            String script = Files.readString(examples.resolve(jenkinsfile));
            RunningBuild running =
                    sandbox.start(new BuildRequest(job, script, workspace, parameters, environment), output);
            running.ended().thenRun(news::tell);
            return new Build(running, output);
        } catch (IOException e) {
            throw new UncheckedIOException("The example's " + jenkinsfile + " cannot be read.", e);
        }
    }

    /** The output of {@code sandbox/gitops why} for a wave. It uses a separate clone and no driver. */
    List<String> why(String wave) {
        RepositoryDefinition repository =
                GitOpsWavesConfiguration.get().getRepositories().get(0);
        try (ConfigRepoClone clone = CloneOpener.open(repository, homes.resolve("why.git"))) {
            return WhyCommand.answer(repository.toSettings(), clone, wave).orElseThrow();
        } catch (GitOpsException | IOException e) {
            throw new IllegalStateException("It cannot be read from git why " + wave + " is as it is.", e);
        }
    }

    /** The number of builds that were started. */
    int builds() {
        return started.get();
    }

    /** A build of one of the jobs. */
    final class Build {

        private final RunningBuild running;
        private final BuildOutput output;

        private Build(RunningBuild running, BuildOutput output) {
            this.running = running;
            this.output = output;
        }

        String name() {
            return running.run().getParent().getFullName() + " #"
                    + running.run().getNumber();
        }

        boolean hasEnded() {
            return running.ended().isDone();
        }

        BuildResult await() {
            news.await(name() + " has ended", this::hasEnded);
            return running.await();
        }

        /** The output of the build so far. */
        String log() {
            return output.text();
        }
    }

    @Override
    public void close() {
        server.close();
        sandbox.close();
    }
}
