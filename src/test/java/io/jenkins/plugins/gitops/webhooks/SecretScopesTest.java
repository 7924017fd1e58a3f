package io.jenkins.plugins.gitops.webhooks;

import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.bearer;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A secret has one purpose, whatever ids it is stored under, and does not tell which repositories there are. */
@Tag("sandbox")
class SecretScopesTest {

    private static final String TEXT = "one-text-for-two-ids";
    private static final String HOOK = "/images/cfg-app";
    private static final String BODY = """
            {"shop": {"Digest": "docker.example.com/shop@sha256:%s", "Tag": "docker.example.com/shop:1"}}
            """.formatted("a".repeat(64));

    @RegisterExtension
    final EndpointFixture endpoints = new EndpointFixture();

    private static RepositoryDefinition repository(String name) {
        RepositoryDefinition repository =
                new RepositoryDefinition(name, "https://git.example.com/acme/" + name + ".git");
        repository.setMergeWithoutChecks(true);
        repository.setAllJobs(true);
        return repository;
    }

    private static void configure(RepositoryDefinition... repositories) {
        GitOpsWavesConfiguration.get().setRepositories(List.of(repositories));
    }

    @Test
    void equalTextsUnderTwoIdsAreRefusedWhereTheyServeTwoPurposes() {
        EndpointFixture.secret("one", TEXT);
        EndpointFixture.secret("two", TEXT);
        RepositoryDefinition a = repository("a");
        a.setImagesSecretId("one");
        RepositoryDefinition b = repository("b");
        b.setReportersSecretId("two");

        assertThatThrownBy(() -> configure(a, b))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "imagesSecretId of the repository a", "reportersSecretId of the repository b", "two purposes")
                .hasMessageNotContaining(TEXT);
        a.setReportersSecretId("two");
        assertThatThrownBy(() -> configure(a)).hasMessageContainingAll("imagesSecretId", "reportersSecretId");
        a.setReportersSecretId("one");
        assertThatThrownBy(() -> configure(a)).hasMessageContainingAll("imagesSecretId", "reportersSecretId");
        a.setReportersSecretId("");
        b.setReportersSecretId("");
        b.setImagesSecretId("two");
        configure(a, b);
    }

    /** What is no equal text proves the same all the same. */
    @Test
    void textsThatGiveTheSameKeyAreOneSecret() {
        String raw = "k".repeat(70);
        String padded = "short-key";
        Map<String, String> alike = Map.of(
                TEXT, "whsec_" + Base64.getEncoder().encodeToString(TEXT.getBytes(StandardCharsets.UTF_8)),
                padded, padded + "\u0000",
                raw,
                        "whsec_"
                                + Base64.getEncoder()
                                        .encodeToString(java.util.HexFormat.of().parseHex(HexDigest.sha256(raw))));
        int number = 0;
        for (Map.Entry<String, String> each : alike.entrySet()) {
            EndpointFixture.secret("first-" + number, each.getKey());
            EndpointFixture.secret("second-" + number, each.getValue());
            RepositoryDefinition a = repository("a");
            a.setForgeSecretId("first-" + number);
            a.setDeployedSecretId("second-" + number++);
            assertThatThrownBy(() -> configure(a)).hasMessageContaining("two purposes");
        }
    }

    /** Credentials are changed without the configuration being looked at. */
    @Test
    void aSecretThatHasBecomeThatOfAnotherPurposeProvesNeither() throws Exception {
        endpoints.configure(repository -> {
            repository.setImagesSecretId("later-images");
            repository.setReportersSecretId("later-reporters");
        });
        EndpointFixture.secret("later-images", TEXT);
        assertThat(endpoints.post(HOOK, BODY, bearer(TEXT)).status()).isEqualTo(202);
        EndpointFixture.secret("later-reporters", TEXT);

        String report = "{\"sha\": \"" + endpoints.main()
                + "\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": 1}";
        for (Map<String, String> proof : List.of(bearer(TEXT), signed(TEXT, HOOK, BODY))) {
            WebResponse answer = endpoints.post(HOOK, BODY, proof);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).contains("two purposes");
        }
        assertThat(endpoints.post("/status/cfg-app", report, bearer(TEXT)).status())
                .isEqualTo(403);
        assertThat(endpoints.announced).hasSize(1);
        assertThat(endpoints.warnings())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("another purpose").doesNotContain(TEXT));
    }

    /** Each refusal takes one look-up of a secret, so that neither answer nor time tell which repositories there are. */
    @Test
    void anUnknownRepositoryIsRefusedAfterTheSameWork() throws Exception {
        endpoints.configure(repository -> repository.setDeployedSecretId(""));
        List<String> lookedUp = new ArrayList<>();
        var authenticator = new RequestAuthenticator(new RequestBodyReader(System::nanoTime), id -> {
            lookedUp.add(id);
            return SharedSecret.find(id);
        });
        for (SecretScope scope : SecretScope.values()) {
            List<String> refusals = new ArrayList<>();
            for (String name : List.of("cfg-app", "unknown")) {
                for (Map<String, String> headers :
                        List.of(bearer("guessed"), signed("guessed", HOOK, BODY), Map.<String, String>of())) {
                    refusals.add(refusal(authenticator, name, scope, headers));
                }
            }
            assertThat(refusals.subList(0, 3)).as(scope.name()).isEqualTo(refusals.subList(3, 6));
            assertThat(lookedUp.subList(0, 3)).as(scope.name()).isEqualTo(lookedUp.subList(3, 6));
            lookedUp.clear();
        }
    }

    private static String refusal(
            RequestAuthenticator authenticator, String name, SecretScope scope, Map<String, String> headers) {
        try {
            authenticator.authenticate(
                    name,
                    scope,
                    SignatureScheme.REQUEST,
                    new WebRequest("POST", HOOK, null, headers::get, InputStream.nullInputStream(), "192.0.2.1"),
                    RequestBodyReader.Limit.of(1024));
            throw new AssertionError("not refused");
        } catch (HttpRejection e) {
            return Optional.of(e.response()).map(WebResponse::toString).orElseThrow();
        }
    }
}
