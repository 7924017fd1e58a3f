package io.jenkins.plugins.gitops.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.forges.ForgeSettings;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.configuration.checks.ForgeCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GitHubCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GitLabCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GiteaCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.configuration.checks.ServerCheckSource;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration is validated when it is set, found again after it was saved, and answers its form. */
class GitOpsWavesConfigurationTest extends ConfigurationTestBase {

    @Test
    void isFoundAgainAfterItWasSaved() {
        RepositoryDefinition repository = repository("cfg-app", URL);
        repository.setAllowedJobs(List.of("acme/**\n tools/* \n\n"));
        WaveDefinition wave = new WaveDefinition("staging");
        wave.setImagesPath("deploy/images");
        repository.setWaves(List.of(wave));
        GitHubCheckSource gitHub = new GitHubCheckSource("acme/cfg-app");
        gitHub.setApiUrl("https://github.example.com/api/v3/");
        gitHub.setCredentialsId("app");
        gitHub.setWriteStatus(true);
        GitLabCheckSource gitLab = new GitLabCheckSource("https://gitlab.example.com", "acme/delivery/cfg-app");
        GiteaCheckSource gitea = new GiteaCheckSource("http://127.0.0.1:3000", "acme/cfg-app");
        gitea.setAllowInsecure(true);
        repository.setChecks(List.of(new ReportedCheckSource(), gitHub, gitLab, gitea));
        RequiredCheckDefinition schema = new RequiredCheckDefinition("schema");
        schema.setSource("github");
        schema.setAppId(15368);
        schema.setWorkflow(" test.yml ");
        schema.setAcceptSkipped(true);
        repository.setRequiredChecks(List.of(schema));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));

        GitOpsWavesConfiguration read = new GitOpsWavesConfiguration();
        read.load();

        assertThat(read.getRepositories()).singleElement().satisfies(again -> {
            assertThat(again.toSettings()).isEqualTo(repository.toSettings());
            assertThat(again.getAllowedJobs()).containsExactly("acme/**", "tools/*");
            assertThat(again.toSettings().requiredChecks())
                    .containsExactly(
                            new RequiredCheck("schema", "github", 15368, Optional.of("test.yml"), true, List.of()));
            assertThat(again.checkSourceKeys())
                    .isEqualTo(repository.checkSourceKeys())
                    .hasSize(4);
            assertThat(((ForgeCheckSource) again.getChecks().get(1)).toSettings())
                    .isEqualTo(new ForgeSettings(
                            ForgeSettings.ForgeKind.GITHUB,
                            "https://github.example.com/api/v3",
                            "acme/cfg-app",
                            false,
                            true));
        });
    }

    /** The names in the file are for good: the file is that of version 1, and is never changed. */
    @Test
    void readsTheFileOfVersion1() throws Exception {
        String name = GitOpsWavesConfiguration.class.getName() + ".xml";
        try (InputStream written = getClass().getResourceAsStream("/written/1/" + name)) {
            Files.copy(written, Jenkins.get().getRootDir().toPath().resolve(name));
        }

        GitOpsWavesConfiguration read = new GitOpsWavesConfiguration();
        read.load();

        RepositoryDefinition repository = read.repository("cfg-app");
        assertThat(repository.getChecks())
                .extracting(CheckSource::name)
                .containsExactly("reported", "github", "gitlab", "gitea", "jenkinsJob");
        assertThat(((ServerCheckSource) repository.getChecks().get(3)).getUrl()).isEqualTo("https://gitea.example.com");
        assertThat(repository.toSettings().waves()).extracting(Wave::name).containsExactly("staging", "production");
        assertThat(read.getArgoServers())
                .extracting(ArgoCdServerDefinition::getName)
                .containsExactly("main");
        assertThat(read.getRegistries())
                .extracting(RegistryDefinition::getUrl)
                .containsExactly("https://docker.example.com");
    }

    @Test
    void refusesTwoOfOneName() {
        assertThatThrownBy(() -> GitOpsWavesConfiguration.get()
                        .setRepositories(List.of(repository("cfg-app", URL), repository("cfg-app", URL))))
                .hasMessageContainingAll("Two", "cfg-app");
    }

    @Test
    void saysWhichRepositoriesThereAre() {
        assertThatThrownBy(() -> GitOpsWavesConfiguration.get().repository(null))
                .hasMessageContaining("No config repository");
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository("a", URL), repository("b", URL)));

        assertThatThrownBy(() -> GitOpsWavesConfiguration.get().repository(null))
                .hasMessageContaining("one of: a, b");
        assertThatThrownBy(() -> GitOpsWavesConfiguration.get().repository("c"))
                .hasMessageContainingAll("\"c\"", "a, b");
        assertThat(GitOpsWavesConfiguration.get().repository("b").getName()).isEqualTo("b");
    }

    @Test
    void handsOutListsThatCannotBeChanged() {
        RepositoryDefinition repository = repository("cfg-app", URL);
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));

        assertThatThrownBy(
                        () -> GitOpsWavesConfiguration.get().getRepositories().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> repository.getWaves().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void checksFieldsInTheForm() {
        RepositoryDescriptor form = new RepositoryDescriptor();

        assertThat(form.doCheckUrl(URL, false).kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(form.doCheckUrl("https://bot:hunter2@git.example.com/x", false))
                .satisfies(result -> assertThat(result.kind).isEqualTo(FormValidation.Kind.ERROR))
                .hasMessageNotContaining("hunter2");
        assertThat(form.doCheckPollInterval("2x").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(form.doCheckPollInterval("").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(form.doCheckName("a b").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(form.doCheckCommitUrl("https://git.example.com/{sha}").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(form.doCheckDeployedSecretId("").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(List.of(
                        form.doCheckImagesSecretId("gone"),
                        form.doCheckDeployedSecretId("gone"),
                        form.doCheckForgeSecretId("gone"),
                        form.doCheckReportersSecretId("gone")))
                .allSatisfy(result -> assertThat(result)
                        .hasMessageContainingAll("There is no secret text", "gone")
                        .satisfies(warning -> assertThat(warning.kind).isEqualTo(FormValidation.Kind.WARNING)));
    }

    @Test
    void acceptsMainByTheButtonOfTheForm(@TempDir Path folder) throws Exception {
        Path bare = GitCli.createBare(folder.resolve("cfg-app.git"), "master");
        RepositoryDefinition repository = repository("cfg-app", bare.toUri().toString());
        repository.setAllowInsecure(true);
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        RepositoryDescriptor form = new RepositoryDescriptor();
        assertThat(form.doAcceptMain("cfg-app"))
                .hasMessageContaining("has no branch master")
                .satisfies(result -> assertThat(result.kind).isEqualTo(FormValidation.Kind.ERROR));
        String tree = GitCli.run(Map.of(), "", bare, "mktree").strip();
        for (String subject : List.of("One history", "Another history")) {
            GitCli.run(
                    bare,
                    "update-ref",
                    "refs/heads/master",
                    GitCli.run(bare, "commit-tree", tree, "-m", subject).strip());
            assertThat(form.doAcceptMain("cfg-app").kind).isEqualTo(FormValidation.Kind.OK);
        }

        assertThat(form.doAcceptMain("cfg-app")).hasMessageContaining("Nobody has rewritten");
        assertThat(form.doAcceptMain("other").kind).isEqualTo(FormValidation.Kind.ERROR);
    }
}
