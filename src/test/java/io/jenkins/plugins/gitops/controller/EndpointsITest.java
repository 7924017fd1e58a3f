package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class EndpointsITest {

    private static final String BODY = "{\"application\": \"staging-eu-1\"}";

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private void configure(JenkinsRule jenkins) throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("bob", "eve")
                .grant(GitOpsPermissions.VIEW)
                .everywhere()
                .to("bob"));
        for (String id : List.of("deployed", "images", "forge", "reporters")) {
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .add(new StringCredentialsImpl(
                            CredentialsScope.GLOBAL, id, "", Secret.fromString("a-long-secret-for-" + id)));
        }
        RepositoryDefinition repository = DeliveryFixture.create(folder).definition();
        repository.setDeployedSecretId("deployed");
        repository.setImagesSecretId("images");
        repository.setForgeSecretId("forge");
        repository.setReportersSecretId("reporters");
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    private HttpResponse<String> ask(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder at(JenkinsRule jenkins, String path) throws Exception {
        return HttpRequest.newBuilder(URI.create(jenkins.getURL() + path));
    }

    private static HttpRequest.Builder hook(JenkinsRule jenkins, String path) throws Exception {
        return at(jenkins, path).POST(HttpRequest.BodyPublishers.ofString(BODY));
    }

    @Test
    void hooksNeedTheSecretAndNeitherUserNorCrumb(JenkinsRule jenkins) throws Exception {
        configure(jenkins);
        String path = "gitops-waves/deployed/cfg-app/staging";

        assertThat(ask(hook(jenkins, path).header("Authorization", "Bearer a-long-secret-for-deployed"))
                        .statusCode())
                .isEqualTo(202);
        HttpResponse<String> refused = ask(hook(jenkins, path));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("needs the secret").doesNotContain("crumb");
    }

    @Test
    void announcementsReportsAndForgesComeThroughToo(JenkinsRule jenkins) throws Exception {
        configure(jenkins);
        String sha = "0".repeat(40);

        assertThat(ask(posted(
                                jenkins,
                                "gitops-waves/images/cfg-app?order=1",
                                "{\"shop\": {\"Tag\": \"a.example/b:1\", \"Digest\": \"a.example/b@"
                                        + DeliveryFixture.DIGEST + "\"}}",
                                "Authorization",
                                "Bearer a-long-secret-for-images"))
                        .statusCode())
                .as("no job listens")
                .isEqualTo(409);
        assertThat(ask(posted(
                                jenkins,
                                "gitops-waves/status/cfg-app",
                                "{\"sha\": \"" + sha + "\", \"context\": \"" + DeliveryFixture.CHECK
                                        + "\", \"state\": \"success\", \"run\": 1}",
                                "Authorization",
                                "Bearer a-long-secret-for-reporters"))
                        .statusCode())
                .isEqualTo(202);
        assertThat(ask(posted(
                                jenkins,
                                "gitops-waves/status/cfg-app",
                                "{}",
                                "X-Gitlab-Event",
                                "Push Hook",
                                "X-Gitlab-Token",
                                "a-long-secret-for-forge"))
                        .statusCode())
                .isEqualTo(202);
    }

    private static HttpRequest.Builder posted(JenkinsRule jenkins, String path, String body, String... headers)
            throws Exception {
        return at(jenkins, path)
                .headers(headers)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    @Test
    void noOtherPathIsSparedTheCrumb(JenkinsRule jenkins) throws Exception {
        configure(jenkins);

        HttpResponse<String> refused = ask(hook(jenkins, "gitops-waves/state/cfg-app"));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("crumb");
    }

    @Test
    void theStateNeedsThePermissionToRead(JenkinsRule jenkins) throws Exception {
        configure(jenkins);
        String path = "gitops-waves/state/cfg-app";

        assertThat(ask(at(jenkins, path)).statusCode()).isEqualTo(403);
        HttpResponse<String> refused = ask(at(jenkins, path).header("Authorization", basic("eve")));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("GitOps Waves/View");
        await().untilAsserted(() -> {
            HttpResponse<String> state = ask(at(jenkins, path).header("Authorization", basic("bob")));
            assertThat(state.statusCode()).isEqualTo(200);
            assertThat(state.body()).contains("\"repository\": \"cfg-app\"");
        });
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
    }
}
