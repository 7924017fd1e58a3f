package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import jenkins.model.Jenkins;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What users with few rights try, over HTTP: to change what is an administrator's, and to do what is another's. */
@WithJenkins
class FewRightsITest {

    private static final String PAGE = "manage/gitops-waves-configuration/configure";

    private JenkinsRule jenkins;

    @BeforeEach
    void people(JenkinsRule rule) throws Exception {
        jenkins = rule;
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        WorkflowJob hidden = DeliveryFixture.job(rule, "hidden", "echo 'hidden'");
        WorkflowJob seen = DeliveryFixture.job(rule, "seen", "echo 'seen'");
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("alice")
                .grant(Jenkins.READ, GitOpsPermissions.CONFIGURE)
                .everywhere()
                .to("carol")
                .grant(Item.READ)
                .onItems(seen)
                .to("carol")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("sam")
                .grant(Jenkins.READ, Item.DISCOVER)
                .everywhere()
                .to("dan")
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("bob"));
        assertThat(hidden.getFullName()).isEqualTo("hidden");
    }

    /** The form of everything that a user may try to change, as the page sends it. */
    private static JSONObject form() {
        var gate = new JSONObject();
        gate.putAll(Map.of(
                "name", "incidents",
                "url", "https://incidents.example.com/open",
                "pointer", "/count",
                "value", "0",
                "credentialsId", "incidents"));
        var production = new JSONObject();
        production.putAll(Map.of("name", "production", "promotesFrom", "staging"));
        production.put("gates", JSONArray.fromObject(List.of(gate)));
        production.put("argoServer", "main");
        production.put("selector", "wave=production");
        var staging = new JSONObject();
        staging.put("name", "staging");
        var repository = new JSONObject();
        repository.putAll(Map.of(
                "name", "cfg-app",
                "url", "https://git.example.com/acme/cfg-app.git",
                "credentialsId", "git",
                "imagesSecretId", "images",
                "verifySecretId", "verify"));
        repository.put("allowedJobs", JSONArray.fromObject(List.of("acme/**")));
        repository.put("mergeWithoutChecks", true);
        repository.put("waves", JSONArray.fromObject(List.of(staging, production)));
        var notification = new JSONObject();
        notification.putAll(Map.of("url", "https://hooks.example.com/x", "secretId", "notify"));
        repository.put("notifications", JSONArray.fromObject(List.of(notification)));
        var open = new JSONObject();
        open.putAll(Map.of("name", "open", "url", "https://git.example.com/acme/open.git"));
        open.put("allJobs", true);
        open.put("mergeWithoutChecks", true);
        var server = new JSONObject();
        server.putAll(Map.of("name", "main", "url", "https://argocd.example.com", "credentialsId", "argo"));
        var bare = new JSONObject();
        bare.putAll(Map.of("name", "bare", "url", "https://bare.example.com"));
        var cluster = new JSONObject();
        cluster.putAll(Map.of("name", "flux", "url", "https://cluster.example.com:6443"));
        var registry = new JSONObject();
        registry.putAll(Map.of("url", "https://docker.example.com", "credentialsId", "pull"));
        var form = new JSONObject();
        form.put("repositories", JSONArray.fromObject(List.of(repository, open)));
        form.put("argoServers", JSONArray.fromObject(List.of(server, bare)));
        form.put("clusters", JSONArray.fromObject(List.of(cluster)));
        form.put("registries", JSONArray.fromObject(List.of(registry)));
        return form;
    }

    private static JSONObject of(JSONObject form, String list, int number) {
        return form.getJSONArray(list).getJSONObject(number);
    }

    private JenkinsRule.WebClient as(String user) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.getOptions().setJavaScriptEnabled(false);
        client.getOptions().setRedirectEnabled(false);
        return client.login(user);
    }

    private static WebResponse post(JenkinsRule.WebClient client, String path, String... parameters) throws Exception {
        var request = new WebRequest(client.createCrumbedUrl(path), HttpMethod.POST);
        List<NameValuePair> form = new ArrayList<>();
        for (int i = 0; i < parameters.length; i += 2) {
            form.add(new NameValuePair(parameters[i], parameters[i + 1]));
        }
        request.setRequestParameters(form);
        return client.loadWebResponse(request);
    }

    private static String saved() {
        return Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get());
    }

    @Test
    void whoMayConfigureChangesNothingThatIsAnAdministrators() throws Exception {
        assertThat(post(as("alice"), PAGE, "json", form().toString()).getStatusCode())
                .isEqualTo(302);
        assertThat(GitOpsWavesConfiguration.get().getRepositories()).hasSize(2);
        String before = saved();
        Map<String, Consumer<JSONObject>> attempts = new TreeMap<>();
        attempts.put("a repository with the secret of another", form -> {
            var made = new JSONObject();
            made.putAll(Map.of("name", "mine", "url", "https://git.example.com/m.git", "imagesSecretId", "images"));
            made.put("allJobs", true);
            made.put("mergeWithoutChecks", true);
            form.getJSONArray("repositories").add(made);
        });
        attempts.put("a repository with the address and credentials of another", form -> {
            JSONObject copy = JSONObject.fromObject(of(form, "repositories", 0).toString());
            copy.put("name", "mine");
            form.getJSONArray("repositories").add(copy);
        });
        attempts.put("a repository without credentials, to explore the network", form -> {
            JSONObject copy = JSONObject.fromObject(of(form, "repositories", 1).toString());
            copy.put("name", "mine");
            copy.put("url", "https://10.0.0.1/x.git");
            form.getJSONArray("repositories").add(copy);
        });
        attempts.put(
                "another address, where no credentials are sent",
                form -> of(form, "repositories", 1).put("url", "https://10.0.0.1/x.git"));
        attempts.put(
                "an Argo CD server without a token, elsewhere",
                form -> of(form, "argoServers", 1).put("url", "https://10.0.0.1"));
        attempts.put("a new Argo CD server", form -> {
            var made = new JSONObject();
            made.putAll(Map.of("name", "mine", "url", "https://10.0.0.1"));
            form.getJSONArray("argoServers").add(made);
        });
        attempts.put(
                "a token for another server", form -> of(form, "argoServers", 1).put("credentialsId", "argo"));
        attempts.put("a cluster elsewhere", form -> of(form, "clusters", 0).put("url", "https://10.0.0.1"));
        attempts.put("a token for a cluster", form -> of(form, "clusters", 0).put("credentialsId", "argo"));
        attempts.put(
                "a host for the password of a registry",
                form -> of(form, "registries", 0)
                        .put("tokenHosts", JSONArray.fromObject(List.of("attacker.example.com"))));
        attempts.put("a password for another registry", form -> {
            var made = new JSONObject();
            made.putAll(Map.of("url", "https://attacker.example.com", "credentialsId", "pull"));
            form.getJSONArray("registries").add(made);
        });
        attempts.put(
                "a secret for another purpose",
                form -> of(form, "repositories", 0).put("forgeSecretId", "images"));
        attempts.put(
                "a verify secret of another",
                form -> of(form, "repositories", 1).put("verifySecretId", "verify"));
        attempts.put(
                "where notifications go",
                form -> of(of(form, "repositories", 0), "notifications", 0).put("url", "https://attacker.example.com"));
        attempts.put(
                "what notifications are signed with",
                form -> of(of(form, "repositories", 0), "notifications", 0).put("secretId", "images"));
        attempts.put(
                "where the secret of a gate is sent",
                form -> of(of(of(form, "repositories", 0), "waves", 1), "gates", 0)
                        .put("url", "https://attacker.example.com"));
        attempts.put(
                "no gate", form -> of(of(form, "repositories", 0), "waves", 1).put("gates", new JSONArray()));
        attempts.put("a key to sign with", form -> {
            var signing = new JSONObject();
            signing.put("credentialsId", "git");
            of(form, "repositories", 1).put("signing", signing);
        });
        attempts.put(
                "trusted signers",
                form -> of(form, "repositories", 1)
                        .put("trustedSigners", JSONArray.fromObject(List.of("ssh-ed25519 AAAA mine"))));
        attempts.put(
                "other jobs",
                form -> of(form, "repositories", 0).put("allowedJobs", JSONArray.fromObject(List.of("**"))));
        attempts.put("all jobs", form -> of(form, "repositories", 0).put("allJobs", true));
        attempts.put(
                "checks that nobody asked for",
                form -> of(form, "repositories", 0).put("mergeWithoutChecks", false));
        attempts.put(
                "a job that the user may not see",
                form -> of(of(form, "repositories", 0), "waves", 1).put("promotionJob", "hidden"));
        attempts.put(
                "a job that the user may see and not build",
                form -> of(of(form, "repositories", 0), "waves", 1).put("promotionJob", "seen"));
        attempts.put("a job that generates", form -> {
            var generator = new JSONObject();
            generator.put("job", "hidden");
            of(form, "repositories", 0).put("generator", generator);
        });
        attempts.put(
                "other targets",
                form -> of(of(form, "repositories", 0), "waves", 1).put("selector", "a=b"));

        JenkinsRule.WebClient carol = as("carol");
        for (Map.Entry<String, Consumer<JSONObject>> attempt : attempts.entrySet()) {
            JSONObject form = form();
            attempt.getValue().accept(form);

            WebResponse answer = post(carol, PAGE, "json", form.toString());

            assertThat(answer.getStatusCode()).as(attempt.getKey()).isGreaterThanOrEqualTo(400);
            assertThat(answer.getContentAsString()).as(attempt.getKey()).contains("only an administrator");
            assertThat(saved()).as(attempt.getKey()).isEqualTo(before);
        }
        JSONObject times = form();
        of(times, "repositories", 0).put("redGrace", "3m");
        assertThat(post(carol, PAGE, "json", times.toString()).getStatusCode()).isEqualTo(302);
        assertThat(GitOpsWavesConfiguration.get().repository("cfg-app").getRedGrace())
                .isEqualTo("3m");
        JSONObject without = form();
        without.getJSONArray("repositories").remove(0);
        assertThat(post(carol, PAGE, "json", without.toString()).getStatusCode())
                .isEqualTo(302);
        assertThat(post(carol, PAGE, "json", form().toString()).getContentAsString())
                .as("put back")
                .contains("only an administrator");
        assertThat(GitOpsWavesConfiguration.get().getRepositories()).hasSize(1);
    }

    @Test
    void whoMayLessIsRefusedEverywhereByStatus() throws Exception {
        post(as("alice"), PAGE, "json", form().toString());
        String before = saved();
        for (String user : List.of("bob", "sam")) {
            JenkinsRule.WebClient client = as(user);
            assertThat(post(client, PAGE, "json", "{}").getStatusCode())
                    .as(user)
                    .isEqualTo(403);
            for (String action : List.of(
                    "hold",
                    "release",
                    "reject",
                    "accept",
                    "approve",
                    "withdraw",
                    "verify",
                    "promote",
                    "rollback",
                    "preview")) {
                assertThat(post(client, "waves/cfg-app/" + action, "wave", "staging", "reason", "x")
                                .getStatusCode())
                        .as("%s: %s", user, action)
                        .isEqualTo(403);
            }
            for (String read : List.of("waves/", "waves/cfg-app/", "gitops-waves/state/cfg-app")) {
                assertThat(get(client, read)).as("%s: %s", user, read).isEqualTo(403);
            }
            assertThat(get(client, "gitops-waves/state/unknown"))
                    .as("%s: a repository that there is not", user)
                    .isEqualTo(403);
        }
        JenkinsRule.WebClient nobody = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        nobody.getOptions().setJavaScriptEnabled(false);
        assertThat(get(nobody, "gitops-waves/state/cfg-app")).isEqualTo(get(nobody, "gitops-waves/state/unknown"));
        assertThat(saved()).isEqualTo(before);
    }

    /** Who may discover a job, and not read it, does not learn which digests its builds have made. */
    @Test
    void whoMayOnlyDiscoverAJobFindsNoBuildByItsDigest() throws Exception {
        jenkins.buildAndAssertSuccess(DeliveryFixture.job(
                jenkins,
                "app",
                "recordImage service: 'shop', image: 'docker.example.com/shop', tag: '1', digest: '"
                        + DeliveryFixture.DIGEST + "', verify: false"));
        String known = DeliveryFixture.DIGEST.replace(":", "%3A");
        String unknown = "sha256%3A" + "9".repeat(64);

        assertThat(get(as("bob"), "search/?q=" + known))
                .as("who may read it is led there")
                .isEqualTo(302);
        JenkinsRule.WebClient dan = as("dan");
        for (String path : List.of("search/?q=", "search/suggest?query=")) {
            WebResponse ofKnown = dan.loadWebResponse(
                    new WebRequest(URI.create(jenkins.getURL() + path + known).toURL()));
            WebResponse ofUnknown = dan.loadWebResponse(
                    new WebRequest(URI.create(jenkins.getURL() + path + unknown).toURL()));

            assertThat(ofKnown.getStatusCode()).as(path).isEqualTo(ofUnknown.getStatusCode());
            assertThat(ofKnown.getContentAsString()).as(path).hasSameSizeAs(ofUnknown.getContentAsString());
        }
    }

    private int get(JenkinsRule.WebClient client, String path) throws IOException {
        return client.loadWebResponse(
                        new WebRequest(URI.create(jenkins.getURL() + path).toURL()))
                .getStatusCode();
    }
}
