package io.jenkins.plugins.gitops.controller;

import static org.awaitility.Awaitility.await;

import hudson.plugins.git.GitSCM;
import io.jenkins.plugins.gitops.steps.ArgoCdFixture;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jenkins.plugins.git.GitSCMSource;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.libs.GlobalLibraries;
import org.jenkinsci.plugins.workflow.libs.LibraryConfiguration;
import org.jenkinsci.plugins.workflow.libs.SCMSourceRetriever;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The example of a shared library, from a repository as a company has one. */
@WithJenkins
class SharedLibraryITest {

    @TempDir
    private Path folder;

    private void installLibrary() throws Exception {
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
        Path bare = GitCli.createBare(folder.resolve("delivery-library.git"), "main");
        String text = Files.readString(Path.of("docs/examples/shared-library/vars/deliver.groovy"));
        String blob =
                GitCli.run(Map.of(), text, bare, "hash-object", "-w", "--stdin").strip();
        String vars = GitCli.run(Map.of(), "100644 blob " + blob + "\tdeliver.groovy\n", bare, "mktree")
                .strip();
        String tree = GitCli.run(Map.of(), "040000 tree " + vars + "\tvars\n", bare, "mktree")
                .strip();
        String commit = GitCli.run(bare, "commit-tree", tree, "-m", "Begin").strip();
        GitCli.run(bare, "update-ref", "refs/heads/main", commit);
        LibraryConfiguration library = new LibraryConfiguration(
                "delivery", new SCMSourceRetriever(new GitSCMSource(bare.toUri().toString())));
        library.setDefaultVersion("main");
        GlobalLibraries.get().setLibraries(List.of(library));
    }

    @Test
    void deliversWithOneCall(JenkinsRule jenkins) throws Exception {
        installLibrary();
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        try (ArgoCdFixture rollouts =
                new ArgoCdFixture(Files.createDirectories(folder.resolve("argocd")), delivery.url())) {
            rollouts.configure(delivery.definition());
            WorkflowJob job = DeliveryFixture.job(jenkins, "app", """
                    @Library('delivery') _
                    recordImage service: 'Service1', image: 'docker.example.com/service1', tag: '1', digest: '%s', \\
                        verify: false
                    def merged = deliver(promoteTo: ['internal'])
                    echo "the end: ${merged.outcome}"
                    """.formatted(DeliveryFixture.DIGEST));
            WorkflowRun run = DeliveryFixture.startWaiting(jenkins, job);
            delivery.report(jenkins, "success");
            jenkins.waitForMessage("Wave staging: 0 of 2 targets", run);
            rollouts.server.settle();
            jenkins.waitForMessage("Wave staging runs", run);
            String staged = delivery.tip("master");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !delivery.tip("auto").equals(staged));
            delivery.report(jenkins, "success");
            jenkins.waitForMessage("Wave internal: 0 of 1 targets", run);
            rollouts.server.settle();

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("Wave internal runs", run);
            jenkins.assertLogContains("the end: merged", run);
        }
    }
}
