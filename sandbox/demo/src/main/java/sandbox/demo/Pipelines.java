package sandbox.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import sandbox.runner.BuildRequest;
import sandbox.runner.BuildResult;
import sandbox.runner.RunningBuild;
import sandbox.runner.Sandbox;

/** Runs the example Jenkinsfiles on the plugin's real steps, with the example's configuration. */
final class Pipelines implements AutoCloseable {

    private static final String APP_JOB = "app";
    private static final String CI_JOB = "cfg-app-ci";

    private final Sandbox sandbox;
    private final Repositories repositories;
    private final String appJenkinsfile;
    private final String ciJenkinsfile;
    private final Path workspaces;
    private final AtomicInteger started = new AtomicInteger();

    Pipelines(Path examples, Path home, Repositories repositories) throws IOException {
        this.repositories = repositories;
        this.workspaces = home.resolve("workspace");
        this.appJenkinsfile = Files.readString(examples.resolve("app/Jenkinsfile"));
        this.ciJenkinsfile = Files.readString(examples.resolve("cfg-app/Jenkinsfile"));
        this.sandbox = Sandbox.open(home, Files.readString(examples.resolve("casc.yaml")), configuration());
    }

    /** What the example's configuration takes from the environment; on one machine, things may go faster. */
    private Map<String, String> configuration() {
        return Map.of(
                "GIT_USER", Repositories.USER,
                "APP_GIT_PASSWORD", repositories.password(),
                "CFG_APP_GIT_PASSWORD", repositories.password(),
                "CFG_APP_URL", repositories.configUrl(),
                "ALLOW_INSECURE", "true",
                "POLL_INTERVAL", "1s",
                "RED_GRACE", "1s");
    }

    /** Starts the app's pipeline for a commit. */
    Build deliver(String commit) {
        return start(
                APP_JOB,
                appJenkinsfile,
                // No registry, even if the reader has one: the demo pushes nothing to anywhere else.
                Map.of("APP_URL", repositories.appUrl(), "APP_REF", commit, "IMAGE_REGISTRY", ""));
    }

    /** Runs the config repository's CI on a commit to its end; what it found it reports itself. */
    Build test(Ci.Tip tip) {
        Build build = start(
                CI_JOB,
                ciJenkinsfile,
                Map.of("CFG_URL", repositories.configUrl(), "CFG_SHA", tip.sha(), "CFG_BRANCH", tip.branch()));
        build.await();
        return build;
    }

    private Build start(String job, String jenkinsfile, Map<String, String> environment) {
        // Builds of one job run at the same time, each in a workspace of its own.
        Path workspace = workspaces.resolve(job + "-" + started.incrementAndGet());
        BuildRequest request = new BuildRequest(job, jenkinsfile, workspace, Map.of(), environment);
        return new Build(sandbox.start(request, OutputStream.nullOutputStream()));
    }

    /** How many builds have been started. */
    int builds() {
        return started.get();
    }

    /** A build of one of the jobs. */
    final class Build {

        private final RunningBuild running;

        private Build(RunningBuild running) {
            this.running = running;
        }

        String name() {
            return running.run().getParent().getFullName() + " #" + running.run().getNumber();
        }

        BuildResult await() {
            return running.await();
        }

        String log() {
            try {
                return Files.readString(sandbox.folder(await()).toPath().resolve("log"), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new Surprise("The log of " + name() + " cannot be read: " + e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
