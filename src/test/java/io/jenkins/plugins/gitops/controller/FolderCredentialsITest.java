package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.hudson.plugins.folder.properties.FolderCredentialsProvider.FolderCredentialsProperty;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainCredentials;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.ItemGroup;
import hudson.model.Result;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.registry.FakeRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The login of a registry is looked up where the job of the build may find it, and nowhere else. */
@WithJenkins
class FolderCredentialsITest {

    private JenkinsRule jenkins;
    private FakeRegistry registry;
    private Folder team;

    @BeforeEach
    void begin(JenkinsRule rule) throws Exception {
        jenkins = rule;
        registry = new FakeRegistry();
        registry.login(FakeRegistry.Login.BASIC);
        registry.push("team/shop", "1", "layer");
        var connection = new RegistryDefinition(registry.url());
        connection.setAllowInsecure(true);
        GitOpsWavesConfiguration.get().setRegistries(List.of(connection));
        team = jenkins.createProject(Folder.class, "team");
        var property = new FolderCredentialsProperty(new DomainCredentials[0]);
        team.addProperty(property);
        CredentialsStore store = property.getStore();
        store.addCredentials(Domain.global(), login("of-the-team", CredentialsScope.GLOBAL));
        SystemCredentialsProvider.getInstance().getCredentials().add(login("of-all", CredentialsScope.GLOBAL));
        SystemCredentialsProvider.getInstance().getCredentials().add(login("of-jenkins", CredentialsScope.SYSTEM));
        SystemCredentialsProvider.getInstance().save();
    }

    @AfterEach
    void end() {
        registry.close();
    }

    private static Credentials login(String id, CredentialsScope scope) throws Exception {
        return new UsernamePasswordCredentialsImpl(scope, id, "", FakeRegistry.USER, FakeRegistry.PASSWORD);
    }

    private WorkflowRun record(ItemGroup<?> where, String credentials, Result result) throws Exception {
        String name = "app-" + credentials;
        WorkflowJob job = where == team
                ? team.createProject(WorkflowJob.class, name)
                : jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(
                "recordImage service: 'shop', image: '" + registry.host() + "/team/shop', tag: '1', credentialsId: '"
                        + credentials + "'",
                true));
        WorkflowRun run = jenkins.buildAndAssertStatus(result, job);
        try (Stream<Path> files = Files.walk(run.getRootDir().toPath())) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file ->
                            assertThat(Files.readAllBytes(file)).asString().doesNotContain(FakeRegistry.PASSWORD));
        }
        return run;
    }

    @Test
    void aFolderHasThemForItsJobs() throws Exception {
        WorkflowRun run = record(team, "of-the-team", Result.SUCCESS);

        jenkins.assertLogContains("Recorded shop", run);
        record(team, "of-all", Result.SUCCESS);
    }

    @Test
    void otherJobsHaveThemNot() throws Exception {
        WorkflowRun run = record(jenkins.jenkins, "of-the-team", Result.FAILURE);

        jenkins.assertLogContains("There are no credentials \"of-the-team\"", run);
        jenkins.assertLogContains("that this build may use", run);
    }

    @Test
    void thoseOfJenkinsAloneAreForNoBuild() throws Exception {
        WorkflowRun run = record(team, "of-jenkins", Result.FAILURE);

        jenkins.assertLogContains("There are no credentials \"of-jenkins\"", run);
    }
}
