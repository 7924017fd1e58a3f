package sandbox.casc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.SandboxHome;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CascReaderTest {
    @TempDir
    Path folder;

    private SandboxHome home;

    @BeforeEach
    void open() {
        home = SandboxHome.open(folder);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static Set<String> apply(String yaml, Map<String, String> environment) {
        return new CascReader(environment).apply(yaml);
    }

    @Test
    void readsCredentialsAndSaysWhereSecretsCameFrom() {
        Set<String> secretVariables = apply("""
            credentials:
              system:
                domainCredentials:
                  - credentials:
                      - usernamePassword: {scope: GLOBAL, id: git, username: "${WHO:-bot}", password: "${TOKEN}"}
            """, Map.of("TOKEN", "s3cret"));

        var found = CredentialsProvider.findCredentialByIdInItemGroup(
                "git", StandardUsernamePasswordCredentials.class, null, null, null);
        assertThat(found.getUsername()).isEqualTo("bot");
        assertThat(found.getPassword().getPlainText()).isEqualTo("s3cret");
        assertThat(secretVariables).containsExactly("TOKEN");
    }

    @Test
    void readsSecretFiles() throws Exception {
        Path file = Files.writeString(folder.resolve("kubeconfig.yaml"), "token: s3cret");
        apply("""
            credentials:
              system:
                domainCredentials:
                  - credentials:
                      - file: {scope: GLOBAL, id: a, fileName: a.yaml, secretBytes: "${readFileBase64:%s}"}
                      - file: {scope: GLOBAL, id: b, fileName: b.yaml, secretBytes: "${B}"}
            """.formatted(file), Map.of("B", "dG9rZW46IHMzY3JldA=="));

        for (String id : List.of("a", "b")) {
            var found = CredentialsProvider.findCredentialByIdInItemGroup(id, FileCredentials.class, null, null, null);
            assertThat(found.getContent()).hasContent("token: s3cret");
        }
        assertThatThrownBy(() -> apply("""
            credentials:
              system:
                domainCredentials:
                  - credentials:
                      - file: {scope: GLOBAL, id: c, fileName: c.yaml, secretBytes: "${readFileBase64:/no/c}"}
            """, Map.of())).hasMessageContaining("/no/c cannot be read");
    }

    @Test
    void readsConfigRepositories() {
        apply("""
            unclassified:
              gitopsWaves:
                repositories:
                  - name: cfg-app
                    url: https://git.example.com/acme/cfg-app.git
                    allowedJobs: ["acme/**"]
                    mainBranch: master
                    onlyWhenDigestsChange: true
                    checks:
                      - reported: {}
                    requiredChecks:
                      - ci/plain
                      - {name: ci/check, source: reported, reporters: [acme/cfg-app-ci]}
                    waves:
                      - {name: staging, imagesPath: images/staging}
            """, Map.of());

        RepositoryDefinition repository =
                GitOpsWavesConfiguration.get().getRepositories().get(0);
        assertThat(repository.getMainBranch()).isEqualTo("master");
        assertThat(repository.isOnlyWhenDigestsChange()).isTrue();
        assertThat(repository.getChecks()).hasSize(1);
        assertThat(repository.getRequiredChecks()).extracting("name").containsExactly("ci/plain", "ci/check");
        assertThat(repository.getWaves()).extracting("name").containsExactly("staging");
    }

    @Test
    void readsForgesAsTheContractNamesThem() {
        apply("""
            unclassified:
              gitopsWaves:
                repositories:
                  - name: cfg-app
                    url: https://git.example.com/acme/cfg-app.git
                    allowedJobs: ["acme/**"]
                    checks:
                      - reported: {}
                      - github: {apiUrl: "https://api.github.com", repository: acme/cfg-app, credentialsId: \
                      cfg-app-git}
                      - gitlab: {url: "https://gitlab.example.com", project: acme/cfg-app, credentialsId: gl-token}
                      - gitea:  {url: "https://gitea.example.com", repository: acme/cfg-app, credentialsId: \
                      gt-token}
                    requiredChecks:
                      - {name: ci/generated, source: reported, reporters: ["acme/cfg-app/auto*"]}
                      - {name: schema, source: github, appId: 15368, acceptSkipped: false}
            """, Map.of());

        RepositoryDefinition repository =
                GitOpsWavesConfiguration.get().getRepositories().get(0);
        assertThat(repository.getChecks()).hasSize(4);
        assertThat(repository.toSettings().requiredChecks())
                .containsExactly(
                        new RequiredCheck("ci/generated", "reported", false, List.of("acme/cfg-app/auto*")),
                        new RequiredCheck("schema", "github", 15368, false, List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        url: https://git | url: ftp://git | 4
        name: staging}   | name: staging, soak: long} | 7
        soak: 30m        | soak: long | 9
        soak: 30m        | soaked: 30m | 9
        main, url: https | main, url: ftp | 11
        """)
    void namesTheLineOfAValueThatCannotBeUsed(String good, String bad, int line) {
        String yaml = """
            unclassified:
              gitopsWaves:
                repositories:
                  - {url: https://git.example.com/x.git, name: cfg-app, allJobs: true,
                     mergeWithoutChecks: true,
                     waves: [
                       {name: staging},
                       {name: internal, promotesFrom: staging,
                        soak: 30m}]}
                argoServers:
                  - {name: main, url: https://argocd.example.com}
            """;

        assertThatThrownBy(() -> apply(yaml.replace(good, bad), Map.of()))
                .isInstanceOf(CascException.class)
                .hasMessageStartingWith("Line " + line + " of the Configuration-as-Code file: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        jenkins: {}                                       \
        | Line 1 of the Configuration-as-Code file: The file has no 'jenkins'; the sandbox knows credentials, \
        unclassified there.
        unclassified: {mailer: {}}                        \
        | Line 1 of the Configuration-as-Code file: unclassified has no 'mailer'; the sandbox knows gitopsWaves \
        there.
        unclassified: {gitopsWaves: {repositories: no}}   \
        | Line 1 of the Configuration-as-Code file: Parameter 'repositories' of gitopsWaves takes a list, not 'no'.
        credentials: []                                   \
        | Line 1 of the Configuration-as-Code file: credentials must have fields with names, written as 'name: value'.
        credentials: {system: {domainCredentials: [{credentials: [{certificate: {}}]}]}} \
        | Line 1 of the Configuration-as-Code file: credentials has no 'certificate'; the sandbox knows \
        basicSSHUserPrivateKey, file, string, usernamePassword there.
        unclassified: {a: "${NOPE}"}                      \
        | Line 1 of the Configuration-as-Code file: the environment variable NOPE is not set; set it, or write \
        ${NOPE:-default}.
        unclassified: [                                   \
        | Line 1 of the Configuration-as-Code file: the file is not valid YAML: expected the node content, but \
        found '<stream end>'.
        """)
    void refusesWhatItDoesNotKnow(String yaml, String sentence) {
        assertThatThrownBy(() -> apply(yaml, Map.of()))
                .isInstanceOf(CascException.class)
                .hasMessage(sentence);
    }

    @Test
    void namesLineFieldAndTheKnownNames() {
        String yaml = """
            unclassified:
              gitopsWaves:
                repositories:
                  - name: cfg-app
                    url: https://git.example.com/acme/cfg-app.git
                    waves:
                      - name: staging
                        imagePath: images/staging
            """;

        assertThatThrownBy(() -> apply(yaml, Map.of()))
                .isInstanceOf(CascException.class)
                .hasMessageStartingWith("Line 8 of the Configuration-as-Code file: ")
                .hasMessageContaining("no parameter 'imagePath'; did you mean imagesPath?")
                .hasMessageContaining("imagesPath");
    }
}
