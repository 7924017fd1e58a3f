package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Item;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A team sees and holds the repositories of its folder, and the others do not exist for it. */
@WithJenkins
class FolderPermissionsITest {

    @TempDir
    private Path folder;

    private JenkinsRule jenkins;

    @BeforeEach
    void configure(JenkinsRule rule) throws Exception {
        jenkins = rule;
        Folder shop = rule.createProject(Folder.class, "shop");
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("viewer", "holder", "operator", "nobody")
                .grant(GitOpsPermissions.VIEW)
                .onFolders(shop)
                .to("viewer")
                .grant(GitOpsPermissions.HOLD)
                .onFolders(shop)
                .to("holder")
                .grant(GitOpsPermissions.HOLD)
                .everywhere()
                .to("operator"));
        GitOpsWavesConfiguration.get()
                .setRepositories(List.of(repository("shop-config", "shop"), repository("blog-config", null)));
        for (String name : List.of("shop-config", "blog-config")) {
            await().until(() -> DriverRegistry.get().state(name).isPresent());
        }
    }

    private RepositoryDefinition repository(String name, String inFolder) throws Exception {
        RepositoryDefinition plain = DeliveryFixture.create(Files.createDirectory(folder.resolve(name)))
                .definition();
        var repository = new RepositoryDefinition(name, plain.getUrl());
        repository.setAllowInsecure(true);
        repository.setAllJobs(true);
        repository.setMainBranch(plain.getMainBranch());
        repository.setChecks(plain.getChecks());
        repository.setRequiredChecks(plain.getRequiredChecks());
        repository.setFolder(inFolder);
        return repository;
    }

    private JenkinsRule.WebClient as(String user) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.getOptions().setJavaScriptEnabled(false);
        return client.login(user);
    }

    private int get(String user, String path) throws Exception {
        return as(user).goTo(path, null).getWebResponse().getStatusCode();
    }

    private int hold(String user, String repository) throws Exception {
        JenkinsRule.WebClient client = as(user);
        var request = new WebRequest(client.createCrumbedUrl("waves/" + repository + "/hold"), HttpMethod.POST);
        request.setRequestParameters(
                List.of(new NameValuePair("wave", "staging"), new NameValuePair("reason", "made up")));
        return client.loadWebResponse(request).getStatusCode();
    }

    @Test
    void aTeamSeesItsOwnRepositoriesAndNoOthers() throws Exception {
        assertThat(get("nobody", "waves/")).isEqualTo(403);
        assertThat(get("nobody", "waves/shop-config/")).isEqualTo(403);
        assertThat(get("nobody", "gitops-waves/state/shop-config")).isEqualTo(403);

        for (String member : List.of("viewer", "holder")) {
            assertThat(as(member).goTo("").getWebResponse().getContentAsString())
                    .contains("/waves");
            assertThat(as(member).goTo("waves/").getWebResponse().getContentAsString())
                    .doesNotContain("blog-config");
            assertThat(get(member, "waves/shop-config/")).isEqualTo(200);
            assertThat(get(member, "gitops-waves/state/shop-config")).isEqualTo(200);
            assertThat(get(member, "waves/blog-config/"))
                    .as("like one that does not exist")
                    .isEqualTo(get(member, "waves/made-up/"))
                    .isEqualTo(404);
            assertThat(get(member, "gitops-waves/state/blog-config"))
                    .as("like one that does not exist")
                    .isEqualTo(get(member, "gitops-waves/state/made-up"))
                    .isEqualTo(403);
        }
        assertThat(as("operator").goTo("waves/").getWebResponse().getContentAsString())
                .contains("shop-config", "blog-config");
    }

    @Test
    void aTeamHoldsItsOwnRepositoriesAndNoOthers() throws Exception {
        assertThat(hold("viewer", "shop-config")).isEqualTo(403);
        assertThat(hold("holder", "blog-config")).isEqualTo(404);
        assertThat(hold("holder", "shop-config")).isEqualTo(200);
        assertThat(hold("operator", "blog-config")).isEqualTo(200);
    }

    /** A name says nothing once the folder is gone. */
    @Test
    void aFolderThatIsGoneGrantsNothing() throws Exception {
        jenkins.jenkins.getItemByFullName("shop", Folder.class).delete();

        assertThat(get("holder", "waves/")).isEqualTo(403);
        assertThat(hold("holder", "shop-config")).isIn(403, 404);
        assertThat(GitOpsWavesConfiguration.get().missingReferences())
                .contains("Repository shop-config: there is no folder \"shop\", so that only the permissions of Jenkins"
                        + " itself count; create it, or correct folder of the repository.");
    }
}
