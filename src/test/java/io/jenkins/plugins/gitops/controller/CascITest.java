package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.Configurator;
import io.jenkins.plugins.casc.ConfiguratorRegistry;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Mapping;
import io.jenkins.plugins.casc.model.Scalar;
import io.jenkins.plugins.casc.model.Sequence;
import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class CascITest {

    private static String xml() {
        return Jenkins.XSTREAM2.toXML(GitOpsWavesConfiguration.get());
    }

    /** What Configuration as Code makes of the configuration, alone. */
    private static String exported() throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(all);
        String[] lines = all.toString(StandardCharsets.UTF_8).split("\n");
        StringBuilder ours = new StringBuilder("unclassified:\n");
        boolean inside = false;
        for (String line : lines) {
            if (line.matches(" {0,2}\\S.*")) {
                inside = line.equals("  gitopsWaves:");
            }
            if (inside) {
                ours.append(line).append('\n');
            }
        }
        return ours.toString();
    }

    @Test
    void isExportedAndReadAgainAsTheSame(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();
        String before = xml();
        String first = exported();
        GitOpsWavesConfiguration.get().setRepositories(List.of());
        GitOpsWavesConfiguration.get().setArgoServers(List.of());
        GitOpsWavesConfiguration.get().setRegistries(List.of());

        EveryFieldFixture.apply(first);

        assertThat(xml()).isEqualTo(before);
        assertThat(exported()).isEqualTo(first).doesNotContain("AsText", "FAILED TO EXPORT", "a-long-token");
    }

    @Test
    void everyFieldHasItsPlaceInTheExample(JenkinsRule jenkins) throws Exception {
        ConfigurationContext context = new ConfigurationContext(ConfiguratorRegistry.get());
        EveryFieldFixture.configure();
        Configurator<GitOpsWavesConfiguration> root = context.lookupOrFail(GitOpsWavesConfiguration.class);
        Map<String, Set<String>> written = new TreeMap<>();
        collect("gitopsWaves", root.describe(GitOpsWavesConfiguration.get(), context), written);
        Set<String> all = written.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));

        for (Class<?> type : Set.of(
                GitOpsWavesConfiguration.class,
                RepositoryDefinition.class,
                io.jenkins.plugins.gitops.configuration.WaveDefinition.class,
                io.jenkins.plugins.gitops.configuration.WindowDefinition.class,
                io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition.class,
                io.jenkins.plugins.gitops.configuration.RegistryDefinition.class,
                io.jenkins.plugins.gitops.configuration.checks.GitHubCheckSource.class,
                io.jenkins.plugins.gitops.configuration.checks.GitLabCheckSource.class,
                io.jenkins.plugins.gitops.configuration.checks.GiteaCheckSource.class,
                io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource.class,
                RequiredCheckDefinition.class)) {
            assertThat(context.lookupOrFail(type).describe())
                    .extracting("name")
                    .as(type.getSimpleName())
                    .allSatisfy(name -> assertThat(all).contains((String) name));
        }
    }

    private static void collect(String name, CNode node, Map<String, Set<String>> written) {
        if (node instanceof Mapping mapping) {
            mapping.forEach((field, value) -> {
                written.computeIfAbsent(name, key -> new TreeSet<>()).add(field);
                collect(field, value, written);
            });
        } else if (node instanceof Sequence sequence) {
            sequence.forEach(each -> collect(name, each, written));
        } else {
            assertThat(node).isInstanceOf(Scalar.class);
        }
    }

    @Test
    void leavesDefaultsOutOfTheExport(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.apply("""
                unclassified:
                  gitopsWaves:
                    repositories:
                      - {name: cfg-app, url: "https://git.example.com/x.git", allJobs: true, checks: [reported: {}], requiredChecks: [ci/plain]}
                """);

        assertThat(GitOpsWavesConfiguration.get().repository("cfg-app").getRequiredChecks())
                .extracting(RequiredCheckDefinition::getName)
                .containsExactly("ci/plain");
        assertThat(exported())
                .contains("name: \"ci/plain\"", "- \"reported\"")
                .doesNotContain("pollInterval", "master", "committer");
    }

    @Test
    void halfOfItReplacesHalfOfIt(JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.configure();

        EveryFieldFixture.apply(
                "unclassified: {gitopsWaves: {argoServers: [{name: other, url: 'https://argo.example.com'}]}}");

        assertThat(GitOpsWavesConfiguration.get().getRepositories()).hasSize(1);
        assertThat(GitOpsWavesConfiguration.get().getArgoServers()).hasSize(1);
        assertThat(jenkins.createWebClient().goTo("manage/").asNormalizedText())
                .contains("the wave staging names the Argo CD server \"main\", which is not configured");
    }

    @Test
    void entriesOfALaterSourceReplaceThoseOfTheSameName(JenkinsRule jenkins, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.yaml"), """
                unclassified:
                  gitopsWaves:
                    argoServers:
                      - {name: main, url: "https://old.example.com"}
                      - {name: other, url: "https://other.example.com"}
                    repositories:
                      - name: cfg-app
                        url: "https://git.example.com/old.git"
                        allJobs: true
                        mergeWithoutChecks: true
                    registries:
                      - {url: "https://docker.example.com", verify: true}
                """);
        Path posted = Files.writeString(folder.resolve("b.yaml"), """
                unclassified:
                  gitopsWaves:
                    argoServers:
                      - {name: main, url: "https://new.example.com"}
                    repositories:
                      - name: cfg-app
                        url: "https://git.example.com/new.git"
                        allJobs: true
                        mergeWithoutChecks: true
                    registries:
                      - {url: "https://docker.example.com", verify: false}
                """);

        ConfigurationAsCode.get().configure(file.toString(), posted.toString());

        GitOpsWavesConfiguration configuration = GitOpsWavesConfiguration.get();
        assertThat(configuration.getArgoServers())
                .extracting(ArgoCdServerDefinition::getUrl)
                .containsExactly("https://other.example.com", "https://new.example.com");
        assertThat(configuration.getRepositories())
                .extracting(RepositoryDefinition::getUrl)
                .containsExactly("https://git.example.com/new.git");
        assertThat(configuration.getRegistries())
                .extracting(RegistryDefinition::isVerify)
                .containsExactly(false);
    }

    @Test
    void twoOfTheSameNameInOneSourceAreRefused(JenkinsRule jenkins) {
        assertThatThrownBy(() -> EveryFieldFixture.apply("""
                unclassified:
                  gitopsWaves:
                    argoServers:
                      - {name: main, url: "https://old.example.com"}
                      - {name: main, url: "https://new.example.com"}
                """))
                .hasStackTraceContaining("Two Argo CD servers are called \"main\"");
        assertThat(GitOpsWavesConfiguration.get().getArgoServers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            pollInterval: 30s       | pollInterval: soon       | pollInterval
            redGrace: 2m            | redGraze: 2m             | redGraze
            layout: images          | layout: xml              | layout
            soak: 2h                | soak: long               | soak
            duration: 2h            | duration: long           | duration
            timezone: UTC           | timezone: Berlin         | Berlin
            mainBranch: main        | mainBranch: a..b         | mainBranch
            starvedAfter: 3d        | starvedAfter: never      | starvedAfter
            appId: 15368            | appId: -1                | appId
            https://argocd          | ftp://argocd             | url
            auth.example.com        | https://auth.example.com | tokenHosts
            project: acme/cfg-app   | project: a b             | project
            promotesFrom: staging   | promotesFrom: other      | promotesFrom
            committerName: Delivery | committerName: "a<b"     | committerName
            """)
    void namesTheLineAndTheFieldOfAMistake(String good, String bad, String field, JenkinsRule jenkins)
            throws Exception {
        EveryFieldFixture.credentials();
        String yaml = EveryFieldFixture.yaml();
        int line = yaml.substring(0, yaml.indexOf(good)).split("\n", -1).length;
        boolean ofTheRepository = List.of("promotesFrom", "appId").contains(field);

        assertThatThrownBy(() -> EveryFieldFixture.apply(yaml.replaceFirst(java.util.regex.Pattern.quote(good), bad)))
                .hasMessageContaining(field)
                .hasMessageMatching(ofTheRepository ? "(?s).*\\.yaml:\\d+: .*" : "(?s).*\\.yaml:" + line + ": .*");
        assertThat(GitOpsWavesConfiguration.get().getRepositories()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "release-managers", "ada" | "ada", "${NOT_GIVEN}"  | from has an empty entry; give ${NOT_GIVEN} a value, or take it out.
            "release-managers", "ada" | " "                    | from has an empty entry; take it out.
            "acme/promote-*"          | "${NOT_GIVEN:-}"       | allowedJobs has an empty entry; give ${NOT_GIVEN:-} a value, or take it out.
            "acme/cfg-app/auto*"      | "${NOT_GIVEN}"         | reporters has an empty entry; give ${NOT_GIVEN} a value, or take it out.
            """)
    void aListDoesNotComeToMeanEverybodySinceAVariableHasNoValue(
            String good, String bad, String sentence, JenkinsRule jenkins) throws Exception {
        EveryFieldFixture.credentials();
        String yaml = EveryFieldFixture.yaml();
        int line = yaml.substring(0, yaml.indexOf(good)).split("\n", -1).length;

        assertThatThrownBy(() -> EveryFieldFixture.apply(yaml.replace(good, bad)))
                .hasMessageContaining(".yaml:" + line + ": " + sentence);
        assertThat(GitOpsWavesConfiguration.get().getRepositories()).isEmpty();
    }

    @Test
    void refusesWhatThereIsNot(JenkinsRule jenkins) {
        assertThatThrownBy(() ->
                        EveryFieldFixture.apply(EveryFieldFixture.yaml().replace("- reported: {}", "- sourcehut: {}")))
                .hasMessageContaining("sourcehut");
        assertThat(GitOpsWavesConfiguration.get().getRepositories()).isEmpty();
    }

    @Test
    void isInTheSchemaAndInTheReference(JenkinsRule jenkins) throws Exception {
        JenkinsRule.WebClient browser = jenkins.createWebClient();

        assertThat(browser.goTo("configuration-as-code/schema", "application/json")
                        .getWebResponse()
                        .getContentAsString())
                .contains(
                        "gitopsWaves",
                        "RepositoryDefinition",
                        "messageTemplate",
                        "starvedAfter",
                        "tokenHosts",
                        "jenkinsJob");
        assertThat(browser.goTo("configuration-as-code/reference").asNormalizedText())
                .contains("gitopsWaves", "promotesFrom", "How long a set has to run");
    }
}
