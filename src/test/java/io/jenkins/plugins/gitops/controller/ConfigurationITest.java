package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.RepositoryDescriptor;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlCheckBoxInput;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.springframework.security.access.AccessDeniedException;

@WithJenkins
class ConfigurationITest {

    private static final String PAGE = "manage/gitops-waves-configuration/";

    @Test
    void survivesTheForm(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        String before = Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get());

        submit(jenkins.createWebClient());

        assertThat(Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get())).isEqualTo(before);
    }

    private static void submit(JenkinsRule.WebClient browser) throws Exception {
        HtmlPage page = browser.goTo(PAGE);
        page.getFormByName("config")
                .getElementsByAttribute("button", "name", "Submit")
                .get(0)
                .click();
    }

    @Test
    void isNotOnThePageOfAllOthers(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        String before = Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get());

        jenkins.configRoundtrip();

        assertThat(jenkins.createWebClient().goTo("manage/configure").asXml()).doesNotContain("git.example.com");
        assertThat(Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get())).isEqualTo(before);
    }

    @Test
    void changesNothingWhereAPartCannotBeUsed(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        String before = Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get());
        JenkinsRule.WebClient browser = jenkins.createWebClient();
        browser.setThrowExceptionOnFailingStatusCode(false);
        HtmlForm form = browser.goTo(PAGE).getFormByName("config");
        form.getInputByValue("https://argocd.example.com").setValue("https://argocd2.example.com");
        form.getInputByValue("2m").setValue("soon");

        HtmlPage answer =
                form.getElementsByAttribute("button", "name", "Submit").get(0).click();

        assertThat(answer.asNormalizedText()).contains("redGrace", "soon");
        assertThat(Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get())).isEqualTo(before);
    }

    @Test
    void showsWhatIsNamedAndNotThere(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        SystemCredentialsProvider.getInstance().getCredentials().clear();
        GitOpsWavesConfiguration.get().setArgoServers(List.of());

        assertThat(jenkins.createWebClient().goTo(PAGE).asNormalizedText())
                .contains("the wave production names the Argo CD server \"main\"", "credentialsId \"git\"");
        assertThat(jenkins.createWebClient().goTo("manage/").asNormalizedText())
                .contains("The configuration of GitOps Waves names something that does not exist");
    }

    @Test
    void theWarningThatNobodyNamedTheJobsCanBeDismissed(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        RepositoryDefinition repository =
                GitOpsWavesConfiguration.get().getRepositories().get(0);
        repository.setAllowedJobs(List.of());
        String warning = "GitOps Waves lets jobs write or report that nobody has named";
        HtmlPage page = jenkins.createWebClient().goTo("manage/");
        assertThat(page.asNormalizedText())
                .contains(warning, "allJobs lets builds of every job of this controller write into it");

        page.<HtmlForm>getFirstByXPath("//form[contains(@action, 'UnprotectedRepositoriesMonitor/disable')]")
                .<HtmlButton>getFirstByXPath(".//button")
                .click();

        assertThat(jenkins.createWebClient().goTo("manage/").asNormalizedText()).doesNotContain(warning);
    }

    /** Alice administers, Carol configures, Sam may read the system, Bob may read. */
    private static void people(JenkinsRule jenkins) {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("alice")
                .grant(Jenkins.READ, GitOpsPermissions.CONFIGURE)
                .everywhere()
                .to("carol")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("sam")
                .grant(Jenkins.READ)
                .everywhere()
                .to("bob"));
    }

    @Test
    void isChangedByThoseWhoMayConfigureAndSeenByThoseWhoMayReadTheSystem(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        people(jenkins);

        HtmlForm form = jenkins.createWebClient().login("carol").goTo(PAGE).getFormByName("config");
        form.getInputByValue("2m").setValue("3m");
        form.getElementsByAttribute("button", "name", "Submit").get(0).click();
        assertThat(GitOpsWavesConfiguration.get().repository("cfg-app").getRedGrace())
                .isEqualTo("3m");

        HtmlPage seen = jenkins.createWebClient().login("sam").goTo(PAGE);
        assertThat(seen.asXml()).contains("git.example.com");
        assertThat(seen.getFormByName("config").getElementsByAttribute("button", "name", "Submit"))
                .isEmpty();
        assertThat(seen.getByXPath(
                        "//main//button[contains(@class, 'validate-button') or contains(@class, 'repeatable')"
                                + " or contains(@class, 'hetero-list-add') or contains(@class, 'credentials-add')]"))
                .isEmpty();
        for (String user : List.of("sam", "bob")) {
            WebRequest post = new WebRequest(new URL(jenkins.getURL(), PAGE + "configure"), HttpMethod.POST);
            post.setRequestParameters(List.of(new NameValuePair("json", "{}")));
            assertThat(status(jenkins, user, post)).isEqualTo(403);
        }
        assertThat(status(jenkins, "bob", new WebRequest(new URL(jenkins.getURL(), PAGE))))
                .isEqualTo(403);
        assertThat(GitOpsWavesConfiguration.get().getRepositories()).hasSize(1);
    }

    private static int status(JenkinsRule jenkins, String user, WebRequest request) throws Exception {
        JenkinsRule.WebClient browser = jenkins.createWebClient().login(user);
        browser.setThrowExceptionOnFailingStatusCode(false);
        return browser.getPage(browser.addCrumb(request)).getWebResponse().getStatusCode();
    }

    @Test
    void leavesWhereCredentialsGoToAdministrators(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        people(jenkins);
        String before = Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get());
        JenkinsRule.WebClient browser = jenkins.createWebClient().login("carol");
        browser.setThrowExceptionOnFailingStatusCode(false);
        for (String saved : List.of(
                "https://git.example.com/acme/cfg-app.git",
                "https://argocd.example.com",
                "https://github.example.com/api/v3",
                "https://docker.example.com")) {
            HtmlForm form = browser.goTo(PAGE).getFormByName("config");
            form.getInputByValue(saved).setValue("https://attacker.example.com/x");

            HtmlPage answer = form.getElementsByAttribute("button", "name", "Submit")
                    .get(0)
                    .click();

            assertThat(answer.asNormalizedText()).as(saved).contains("only an administrator");
            assertThat(Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get())).isEqualTo(before);
        }
    }

    /** The names of all privileged fields are in PrivilegedFieldsTest; here are those of the form that a user has. */
    @Test
    void leavesWhoMayWriteAndWhatIsMergedToAdministrators(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        people(jenkins);
        String before = Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get());
        JenkinsRule.WebClient browser = jenkins.createWebClient().login("carol");
        browser.setThrowExceptionOnFailingStatusCode(false);
        for (String field : List.of("allJobs", "mergeWithoutChecks", "allowBodySignatures")) {
            HtmlForm form = browser.goTo(PAGE).getFormByName("config");
            HtmlCheckBoxInput box = form.getFirstByXPath(".//input[@type='checkbox' and contains(@name, '" + field
                    + "') and not(ancestor::div[contains(@class, 'to-be-removed')])]");
            // Not by a click, since it may be in a part of the form that is closed.
            box.setChecked(!box.isChecked());

            HtmlPage answer = form.getElementsByAttribute("button", "name", "Submit")
                    .get(0)
                    .click();

            assertThat(answer.asNormalizedText()).as(field).contains("only an administrator", field);
            assertThat(Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get())).isEqualTo(before);
        }
    }

    @Test
    void isFoundByThoseWhoMayConfigureAndDoNotSeeManageJenkins(JenkinsRule jenkins) throws Exception {
        people(jenkins);

        assertThat(jenkins.createWebClient().login("carol").goTo("").asXml()).contains("gitops-waves-configuration");
        assertThat(jenkins.createWebClient().login("bob").goTo("").asXml())
                .doesNotContain("gitops-waves-configuration");
    }

    @Test
    void testsForThoseWhoMayConfigureOnlyWhatIsSaved(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        people(jenkins);
        RepositoryDescriptor form = jenkins.jenkins.getDescriptorByType(RepositoryDescriptor.class);

        try (ACLContext ignored = ACL.as(User.getById("carol", true))) {
            assertThat(form.doTestConnection("cfg-app", "file:///etc", true, "git", "master", "", ""))
                    .hasMessageContaining("Only an administrator");
            assertThat(form.doTestConnection("cfg-app", "https://10.0.0.1/x.git", false, "", "master", "", ""))
                    .hasMessageContaining("Only an administrator");
            assertThat(form.doTestConnection(
                            "cfg-app",
                            "https://git.example.com/acme/cfg-app.git",
                            true,
                            "git",
                            "main",
                            "queue",
                            "refs/gitops-waves/main/decisions"))
                    .hasMessageStartingWith("The test did not succeed: this address does not answer as expected");
            assertThat(form.doFillCredentialsIdItems(null, "git", "https://git.example.com"))
                    .extracting(option -> option.value)
                    .isEqualTo(List.of("git"));
            assertThat(form.doCheckCredentialsId("guessed", "https://git.example.com").kind)
                    .isEqualTo(FormValidation.Kind.OK);
            assertThat(form.doCheckUrl("nonsense", false).kind).isEqualTo(FormValidation.Kind.ERROR);
        }
        try (ACLContext ignored = ACL.as(User.getById("bob", true))) {
            assertThatThrownBy(() -> form.doTestConnection("cfg-app", "file:///etc", true, "git", "master", "", ""))
                    .isInstanceOf(AccessDeniedException.class);
        }
    }

    @Test
    void answersToPostOnly(JenkinsRule jenkins) throws Exception {
        JenkinsRule.WebClient browser = jenkins.createWebClient();
        browser.setThrowExceptionOnFailingStatusCode(false);
        for (String method : List.of(
                "RepositoryDefinition/testConnection",
                "RepositoryDefinition/acceptMain",
                "RepositoryDefinition/repairState",
                "RepositoryDefinition/checkUrl",
                "RepositoryDefinition/fillCredentialsIdItems",
                "ArgoCdServerDefinition/testConnection",
                "RegistryDefinition/testConnection",
                "checks.GitHubCheckSource/testConnection",
                "checks.GitLabCheckSource/testConnection",
                "checks.GiteaCheckSource/testConnection",
                "WaveDefinition/showTargets",
                "WaveDefinition/fillArgoServerItems")) {
            URL url = new URL(jenkins.getURL(), "descriptorByName/io.jenkins.plugins.gitops.configuration." + method);

            assertThat(browser.getPage(url).getWebResponse().getStatusCode())
                    .as(method)
                    .isEqualTo(404);
            assertThat(browser.getPage(browser.addCrumb(new WebRequest(url, HttpMethod.POST)))
                            .getWebResponse()
                            .getStatusCode())
                    .as(method)
                    .isEqualTo(200);
        }
    }

    @Test
    void showsCredentialsToAdministratorsOnly(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        people(jenkins);
        RepositoryDescriptor form = jenkins.jenkins.getDescriptorByType(RepositoryDescriptor.class);

        try (ACLContext ignored = ACL.as(User.getById("bob", true))) {
            assertThat(form.doFillCredentialsIdItems(null, "now", "https://git.example.com"))
                    .extracting(option -> option.value)
                    .isEqualTo(List.of("now"));
            assertThat(form.doCheckUrl("nonsense", false).kind).isEqualTo(FormValidation.Kind.OK);
        }
        try (ACLContext ignored = ACL.as(User.getById("alice", true))) {
            assertThat(form.doFillCredentialsIdItems(null, "", "https://git.example.com"))
                    .extracting(option -> option.value)
                    .contains("git");
        }
    }
}
