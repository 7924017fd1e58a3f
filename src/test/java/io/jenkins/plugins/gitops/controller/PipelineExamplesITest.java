package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import hudson.plugins.git.GitSCM;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The Declarative pipelines of {@code docs/examples/pipelines}, as Jenkinsfiles of a repository. */
@WithJenkins
class PipelineExamplesITest extends DeliveryITestBase {

    private static final Path EXAMPLES = Path.of("docs/examples/pipelines");

    /** Writes what {@code docker buildx build --metadata-file} writes. */
    private static final String BUILD = """
            #!/bin/sh
            digest=sha256:$(printf '%s' "$1 $2" | sha256sum | cut -d ' ' -f 1)
            printf '{"image.name": "docker.example.com/acme/%s:%s", "containerimage.digest": "%s"}' \\
                "$1" "$2" "$digest" >"$1.json"
            """;

    @Override
    void configure() {
        RepositoryDefinition repository = delivery.definition();
        repository.setRequiredChecks(List.of());
        repository.setMergeWithoutChecks(true);
        var registry = new RegistryDefinition("https://docker.example.com");
        registry.setVerify(false);
        GitOpsWavesConfiguration.get().setRegistries(List.of(registry));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
    }

    private Path application() throws Exception {
        Path app = Files.createDirectory(folder.resolve("app"));
        GitCli.run(app, "init", "-q", "--initial-branch=main");
        Path build = Files.writeString(app.resolve("build"), BUILD);
        assertThat(build.toFile().setExecutable(true)).isTrue();
        return app;
    }

    private static WorkflowRun run(JenkinsRule jenkins, Path app, Path example) throws Exception {
        Files.copy(example, app.resolve("Jenkinsfile"), StandardCopyOption.REPLACE_EXISTING);
        GitCli.run(app, "add", "--all");
        GitCli.run(app, "commit", "-q", "--allow-empty", "-m", "For " + example.getFileName());
        String name = example.getFileName().toString().replace(".declarative.groovy", "");
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsScmFlowDefinition(new GitSCM(app.toUri().toString()), "Jenkinsfile"));
        return jenkins.waitForCompletion(job.scheduleBuild2(0).waitForStart());
    }

    @Test
    void everyDeclarativePipelineRuns() throws Exception {
        List<Path> examples;
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            examples = files.filter(file -> file.toString().endsWith(".declarative.groovy"))
                    .sorted()
                    .toList();
        }
        assertThat(examples).hasSizeGreaterThan(6);
        Path app = application();
        var told = new ByteArrayOutputStream();
        HttpServer slack = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        slack.createContext("/", exchange -> {
            exchange.getRequestBody().transferTo(told);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        slack.start();
        jenkins.jenkins
                .getGlobalNodeProperties()
                .add(new EnvironmentVariablesNodeProperty(new EnvironmentVariablesNodeProperty.Entry(
                        "SLACK_HOOK", "http://127.0.0.1:" + slack.getAddress().getPort() + "/hook")));

        try {
            for (Path example : examples) {
                jenkins.assertBuildStatusSuccess(run(jenkins, app, example));
            }
        } finally {
            slack.stop(0);
        }

        assertThat(told.toString(StandardCharsets.UTF_8)).contains("shop+was+delivered");
        assertThat(GitCli.run(delivery.bare(), "show", "master:images/internal/tags.json"))
                .contains("docker.example.com/acme/shop:");
    }
}
