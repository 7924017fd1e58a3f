package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.verb.POST;

/** Every method that forms call, of every descriptor of the plugin: by the wrong verb and by the wrong user. */
@WithJenkins
class AccessITest {

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private JenkinsRule jenkins;

    private record FormMethod(Descriptor<?> form, Method method) {
        String path() {
            String name = method.getName().substring("do".length());
            return form.getDescriptorUrl() + "/" + Character.toLowerCase(name.charAt(0)) + name.substring(1);
        }
    }

    @BeforeEach
    void configure(JenkinsRule rule) {
        jenkins = rule;
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("alice")
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("bob"));
        DeliveryFixture.create(folder).configure();
    }

    private List<FormMethod> formMethods() {
        var found = new ArrayList<FormMethod>();
        for (Descriptor<?> form : jenkins.jenkins.getExtensionList(Descriptor.class)) {
            if (form.getClass()
                    .getName()
                    .startsWith(GitOpsWavesConfiguration.class.getPackageName().replaceFirst("\\.[a-z]+$", "."))) {
                Arrays.stream(form.getClass().getMethods())
                        .filter(method -> method.getName().startsWith("do"))
                        .filter(method -> method.getDeclaringClass().getName().startsWith("io.jenkins.plugins.gitops."))
                        .forEach(method -> found.add(new FormMethod(form, method)));
            }
        }
        assertThat(found).hasSizeGreaterThan(60);
        assertThat(found)
                .extracting(method -> method.method().getReturnType().getSimpleName())
                .contains("FormValidation", "ListBoxModel", "ComboBoxModel");
        return found;
    }

    private HttpResponse<String> ask(String verb, FormMethod method, String user) throws Exception {
        String login = Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
        String query = "?value=http%3A%2F%2F127.0.0.1%3A1%2F&name=cfg-app&url=http%3A%2F%2F127.0.0.1%3A1&repository=a/b"
                + "&project=a/b&job=a&allowInsecure=true&credentialsId=now&apiUrl=http%3A%2F%2F127.0.0.1%3A1";
        return client.send(
                HttpRequest.newBuilder(URI.create(jenkins.getURL() + method.path() + query))
                        .header("Authorization", "Basic " + login)
                        .method(verb, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void noFormMethodTakesGet() throws Exception {
        for (FormMethod method : formMethods()) {
            assertThat(method.method().isAnnotationPresent(POST.class))
                    .as(method.path())
                    .isTrue();
            assertThat(ask("GET", method, "alice").statusCode())
                    .as(method.path())
                    .isIn(404, 405);
        }
    }

    @Test
    void whoMayConfigureNothingIsToldNothing() throws Exception {
        jenkins.jenkins.setCrumbIssuer(null);
        for (FormMethod method : formMethods()) {
            HttpResponse<String> answer = ask("POST", method, "bob");

            if (answer.statusCode() == 403) {
                assertThat(answer.body()).as(method.path()).doesNotContain("127.0.0.1:1");
            } else {
                assertThat(answer.statusCode()).as(method.path()).isEqualTo(200);
                boolean list = method.method().getReturnType() != FormValidation.class;
                boolean box = method.method().getReturnType() == ComboBoxModel.class;
                // A list of fixed words says nothing that the documentation does not; credentials keep what is there.
                assertThat(answer.body())
                        .as(method.path())
                        .doesNotContain("error", "warning", "Connected")
                        .contains(!list ? "<div/>" : box ? "" : "values");
            }
        }
    }
}
