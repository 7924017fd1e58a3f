package io.jenkins.plugins.gitops.webhooks;

import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.bearer;
import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.signed;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import hudson.model.Describable;
import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.ClusterDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.SecretScopeConflicts;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.base.SecretScope;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import io.jenkins.plugins.gitops.configuration.checks.AppRepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.GiteaCheckSource;
import io.jenkins.plugins.gitops.configuration.gates.GateDefinition;
import io.jenkins.plugins.gitops.configuration.repository.NotificationDefinition;
import io.jenkins.plugins.gitops.flux.KubeconfigFixture;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
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

    private static void configureNothing() {
        configure();
        GitOpsWavesConfiguration.get().setArgoServers(List.of());
        GitOpsWavesConfiguration.get().setClusters(List.of());
        GitOpsWavesConfiguration.get().setRegistries(List.of());
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

    private static void set(RepositoryDefinition repository, SecretScope scope, String id) {
        switch (scope) {
            case IMAGES -> repository.setImagesSecretId(id);
            case DEPLOYED -> repository.setDeployedSecretId(id);
            case FORGE -> repository.setForgeSecretId(id);
            case REPORTERS -> repository.setReportersSecretId(id);
            case VERIFY -> repository.setVerifySecretId(id);
        }
    }

    @Test
    void noTwoScopesShareASecretWhicheverTheyAre() {
        EndpointFixture.secret("one", TEXT);
        EndpointFixture.secret("two", TEXT);
        for (SecretScope scope : SecretScope.values()) {
            for (SecretScope other : SecretScope.values()) {
                if (scope == other) {
                    continue;
                }
                for (String second : List.of("one", "two")) {
                    RepositoryDefinition of = repository("a");
                    set(of, scope, "one");
                    set(of, other, second);
                    assertThatThrownBy(() -> configure(of)).hasMessageContainingAll(scope.field(), other.field());
                    RepositoryDefinition a = repository("a");
                    set(a, scope, "one");
                    RepositoryDefinition b = repository("b");
                    set(b, other, second);
                    assertThatThrownBy(() -> configure(a, b)).hasMessageContainingAll(scope.field(), other.field());
                }
            }
        }
    }

    /** Each place that names a secret which another system is sent, or knows, by what refusals call it. */
    private static Map<String, BiConsumer<RepositoryDefinition, String>> sent() {
        return Map.of(
                "credentialsId of the repository b",
                RepositoryDefinition::setCredentialsId,
                "credentialsId of the checks of gitea of the repository b",
                (repository, id) -> {
                    var forge = new GiteaCheckSource("https://git.example.com", "acme/b");
                    forge.setCredentialsId(id);
                    repository.setChecks(List.of(forge));
                },
                "credentialsId of appRepository of the repository b",
                (repository, id) -> {
                    var application = new AppRepositoryDefinition("github", "acme/shop");
                    application.setCredentialsId(id);
                    repository.setAppRepository(application);
                },
                "secretId of the notifications of the repository b",
                (repository, id) -> repository.setNotifications(
                        List.of(new NotificationDefinition("https://hooks.example.com/x", id))),
                "credentialsId of the gate incidents of the repository b",
                (repository, id) -> repository.setWaves(gated(id)),
                "credentialsId of the Argo CD server main",
                (repository, id) -> {
                    var server = new ArgoCdServerDefinition("main", "https://argocd.example.com");
                    server.setCredentialsId(id);
                    GitOpsWavesConfiguration.get().setArgoServers(List.of(server));
                },
                "credentialsId of the cluster main",
                (repository, id) -> {
                    var cluster = new ClusterDefinition("main", "https://cluster.example.com:6443");
                    cluster.setCredentialsId(id);
                    GitOpsWavesConfiguration.get().setClusters(List.of(cluster));
                },
                "credentialsId of the registry https://docker.example.com",
                (repository, id) -> {
                    var registry = new RegistryDefinition("https://docker.example.com");
                    registry.setCredentialsId(id);
                    GitOpsWavesConfiguration.get().setRegistries(List.of(registry));
                });
    }

    private static List<WaveDefinition> gated(String id) {
        var gate = new GateDefinition("incidents", "https://incidents.example.com/open");
        gate.setPointer("/count");
        gate.setValue("0");
        gate.setCredentialsId(id);
        var wave = new WaveDefinition("production");
        wave.setPromotesFrom("staging");
        wave.setGates(List.of(gate));
        return List.of(new WaveDefinition("staging"), wave);
    }

    private static void password(String id, String password) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, "", "bot", password));
        EndpointFixture.save();
    }

    /** The other system would know how to announce images, report checks, and so on. */
    @Test
    void whatIsSentToAnotherSystemProvesNoSender() throws Exception {
        EndpointFixture.secret("one", TEXT);
        EndpointFixture.secret("sent-text", TEXT);
        password("sent-password", TEXT);
        var refused = new TreeSet<String>();
        for (SecretScope scope : SecretScope.values()) {
            for (var place : sent().entrySet()) {
                for (String id : List.of("one", "sent-text", "sent-password")) {
                    RepositoryDefinition a = repository("a");
                    set(a, scope, "one");
                    RepositoryDefinition b = repository("b");
                    assertThatThrownBy(() -> {
                                configure(a);
                                place.getValue().accept(b, id);
                                configure(a, b);
                            })
                            .as(place.getKey())
                            .hasMessageContainingAll(
                                    scope.field() + " of the repository a", place.getKey(), "two purposes")
                            .hasMessageNotContaining(TEXT);
                    refused.add(place.getKey());
                    configureNothing();
                }
            }
        }

        assertThat(refused).hasSize(sent().size());
    }

    /** The token lies in a file beside other things, and is compared all the same, also when the file is replaced. */
    @Test
    void theTokenInAKubeconfigProvesNoSender() throws Exception {
        EndpointFixture.secret("images-of-a", TEXT);
        RepositoryDefinition a = repository("a");
        a.setImagesSecretId("images-of-a");
        configure(a);
        var cluster = new ClusterDefinition("main", null);
        cluster.setCredentialsId("kubeconfig");
        file("kubeconfig", KubeconfigFixture.kubeconfig("https://k.example.com", "token: " + TEXT));

        assertThatThrownBy(() -> GitOpsWavesConfiguration.get().setClusters(List.of(cluster)))
                .hasMessageContainingAll(
                        "imagesSecretId of the repository a", "credentialsId of the cluster main", "two purposes")
                .hasMessageNotContaining(TEXT);

        file("kubeconfig", KubeconfigFixture.kubeconfig("https://k.example.com", "token: another"));
        GitOpsWavesConfiguration.get().setClusters(List.of(cluster));
        SharedSecret images = SharedSecret.find("images-of-a").orElseThrow();
        assertThat(SecretScopeConflicts.servesAnother(SecretScope.IMAGES, images))
                .isFalse();
        file("kubeconfig", KubeconfigFixture.kubeconfig("https://k.example.com", "token: " + TEXT));
        assertThat(SecretScopeConflicts.servesAnother(SecretScope.IMAGES, images))
                .isTrue();
    }

    private static void file(String id, String content) throws Exception {
        var credentials = SystemCredentialsProvider.getInstance().getCredentials();
        credentials.removeIf(each -> each instanceof FileCredentialsImpl);
        credentials.add(new FileCredentialsImpl(
                CredentialsScope.GLOBAL,
                id,
                "",
                "kubeconfig.yaml",
                SecretBytes.fromBytes(content.getBytes(StandardCharsets.UTF_8))));
        EndpointFixture.save();
    }

    /** Fields by kind: one that names stored credentials is compared above, or is a key that is never sent. */
    @Test
    void everyFieldThatNamesASecretIsCompared() {
        Set<String> fields = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(GitOpsWavesConfiguration.class.getPackageName())
                        .stream()
                        .filter(type -> type.isAssignableTo(Describable.class))
                        .flatMap(SecretScopesTest::fieldsOfForm)
                        .filter(field -> field.matches("(?i).*(credentials|secret|token|key)Id"))
                        .collect(toSet());
        Set<String> ofSigning = Set.of("SigningDefinition.credentialsId");

        assertThat(fields)
                .hasSize(SecretScope.values().length + sent().size() + ofSigning.size())
                .containsAll(ofSigning);
    }

    /** The fields of a form with its name, among them those of bases that are no forms themselves. */
    private static Stream<String> fieldsOfForm(JavaClass form) {
        return form.getAllFields().stream()
                .filter(field ->
                        field.getOwner().equals(form) || !field.getOwner().isAssignableTo(Describable.class))
                .map(field -> form.getSimpleName() + "." + field.getName());
    }

    @Test
    void twoSystemsMayBeSentTheSame() throws Exception {
        password("one", TEXT);
        RepositoryDefinition a = repository("a");
        a.setCredentialsId("one");
        var forge = new GiteaCheckSource("https://git.example.com", "acme/a");
        forge.setCredentialsId("one");
        a.setChecks(List.of(forge));
        configure(a);

        assertThat(GitOpsWavesConfiguration.get().getRepositories()).hasSize(1);
    }

    /** What was sent to another system after the configuration was checked proves nothing from then on. */
    @Test
    void aSecretThatHasBecomeWhatAnotherSystemIsSentProvesNothing() throws Exception {
        for (var place : sent().entrySet()) {
            String id = "later-" + HexDigest.sha256(place.getKey()).substring(0, 8);
            String text = TEXT + id;
            configureNothing();
            RepositoryDefinition b = repository("b");
            place.getValue().accept(b, id);
            configure(repository("cfg-app"), b);
            RepositoryDefinition a = repository("cfg-app");
            a.setImagesSecretId("images-" + id);
            EndpointFixture.secret("images-" + id, text);
            configure(a, b);
            assertThat(endpoints.post(HOOK, BODY, bearer(text)).status())
                    .as(place.getKey())
                    .isEqualTo(202);
            if (place.getKey().contains("registry") || place.getKey().equals("credentialsId of the repository b")) {
                password(id, text);
            } else {
                EndpointFixture.secret(id, text);
            }

            for (Map<String, String> proof : List.of(bearer(text), signed(text, HOOK, BODY))) {
                WebResponse answer = endpoints.post(HOOK, BODY, proof);
                assertThat(answer.status()).as(place.getKey()).isEqualTo(403);
                assertThat(answer.body()).contains("two purposes");
            }
            assertThat(GitOpsWavesConfiguration.get().missingReferences())
                    .as("the page says so, too")
                    .anyMatch(sentence -> sentence.contains(place.getKey()) && sentence.contains("two purposes"));
        }
    }

    /** Who receives notifications could repeat what is signed with such a secret, and who announces could make some. */
    @Test
    void nothingIsSignedForReceiversWithASecretThatProvesSenders() {
        RepositoryDefinition a = repository("a");
        a.setImagesSecretId("images-of-a");
        a.setNotifications(List.of(new NotificationDefinition("https://hooks.example.com/x", "receiver")));
        EndpointFixture.secret("receiver", TEXT);
        configure(a);
        assertThat(SecretScopeConflicts.authenticatesSenders(
                        SharedSecret.find("receiver").orElseThrow()))
                .isFalse();

        EndpointFixture.secret("images-of-a", TEXT);

        assertThat(SecretScopeConflicts.authenticatesSenders(
                        SharedSecret.find("receiver").orElseThrow()))
                .isTrue();
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
