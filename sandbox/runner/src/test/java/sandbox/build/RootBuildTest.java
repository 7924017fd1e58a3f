package sandbox.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What can be said of the release build without the Jenkins project's repository: its files are whole, it is what the
 * project expects of a plugin, and the sandbox builds the same from the same libraries.
 */
class RootBuildTest {

    private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path SOURCES = PROJECT.resolve("src");
    private static final Path CONTROLLER = SOURCES.resolve("test/java/io/jenkins/plugins/gitops/controller");

    /** What the sandbox has in place of a dependency of the root build: the library itself, from Maven Central. */
    private static final Map<String, String> LIBRARIES = Map.ofEntries(
            Map.entry("archunit-junit5", "archunit-junit5"),
            Map.entry("assertj-core", "assertj-core"),
            Map.entry("awaitility", "awaitility"),
            Map.entry("bouncycastle-api", "bcpg-jdk18on"),
            Map.entry("eddsa-api", "eddsa"),
            Map.entry("failsafe", "failsafe"),
            Map.entry("git-client", "org.eclipse.jgit"),
            Map.entry("jackson2-api", "jackson-databind"),
            Map.entry("jimfs", "jimfs"),
            Map.entry("jqwik", "jqwik"),
            Map.entry("mina-sshd-api-common", "org.eclipse.jgit.ssh.apache"),
            Map.entry("mockito-junit-jupiter", "mockito-junit-jupiter"));

    /** Further libraries of such a dependency, which the plugin uses too. */
    private static final Map<String, List<String>> MORE_LIBRARIES =
            Map.of("jackson2-api", List.of("jackson-dataformat-yaml"));

    /** What the sandbox has in place of other plugins: declarations of types, in this package. */
    private static final Map<String, String> DECLARED = Map.ofEntries(
            Map.entry("configuration-as-code", "io/jenkins/plugins/casc"),
            Map.entry("credentials", "com/cloudbees/plugins/credentials"),
            Map.entry("metrics", "jenkins/metrics/api"),
            Map.entry("pipeline-model-definition", "org/jenkinsci/plugins/pipeline/modeldefinition/causes"),
            Map.entry("plain-credentials", "org/jenkinsci/plugins/plaincredentials"),
            Map.entry("scm-api", "jenkins/scm/api"),
            Map.entry("ssh-credentials", "com/cloudbees/jenkins/plugins/sshcredentials"),
            Map.entry("structs", "org/jenkinsci/plugins/structs"),
            Map.entry("workflow-api", "org/jenkinsci/plugins/workflow/flow"),
            Map.entry("workflow-cps", "org/jenkinsci/plugins/workflow/cps/replay"),
            Map.entry("workflow-durable-task-step", "org/jenkinsci/plugins/workflow/support/steps"),
            Map.entry("workflow-step-api", "org/jenkinsci/plugins/workflow/steps"));

    /** Plugins of which only browsers load something. */
    private static final List<String> BROWSER_ONLY = List.of("echarts-api");

    /** Plugins that only tests on a real controller use. */
    private static final List<String> CONTROLLER_ONLY =
            List.of("git", "lockable-resources", "workflow-basic-steps", "workflow-job", "workflow-multibranch");

    /** What the root build has from Jenkins itself or from its parent. */
    private static final List<String> INHERITED = List.of("junit-jupiter", "slf4j-api", "slf4j-jdk14");

    /** The versions that decide what is on a controller and in the tests: parent, Jenkins, plugins. */
    private static final List<String> BASELINE = List.of("6.2221.va_045130417c9", "2.541.3", "6916.v15ec97679743");

    private static final Map<String, String> LIBRARIES_OF_BASELINE = Map.ofEntries(
            Map.entry("bcpg-jdk18on", "1.84"),
            Map.entry("eddsa", "0.3.0"),
            Map.entry("groovy.version", "2.4.21"),
            Map.entry("guava", "33.5.0-jre"),
            Map.entry("jackson.version", "2.22.1"),
            Map.entry("jgit.version", "7.6.0.202603022253-r"),
            Map.entry("junit.version", "6.1.3"),
            Map.entry("mockito.version", "5.23.0"),
            Map.entry("slf4j.version", "2.0.17"),
            Map.entry("snakeyaml", "2.5"),
            Map.entry("spotbugs-annotations", "4.9.8"),
            Map.entry("sshd.version", "2.19.0"),
            Map.entry("xstream", "1.4.21"));

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static List<Path> xmlFiles() throws IOException {
        var xml = new ArrayList<>(List.of(PROJECT.resolve("pom.xml"), PROJECT.resolve(".mvn/extensions.xml")));
        for (Path file : files(SOURCES)) {
            if (file.toString().matches(".*\\.(jelly|xml|svg)")) {
                xml.add(file);
            }
        }
        return xml;
    }

    private static List<Path> yamlFiles() throws IOException {
        return files(PROJECT.resolve(".github")).stream()
                .filter(file -> file.toString().matches(".*\\.ya?ml"))
                .toList();
    }

    private static Document parsed(Path file) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(file.toFile());
        } catch (Exception e) {
            throw new AssertionError(PROJECT.relativize(file) + " is not well-formed: " + e.getMessage(), e);
        }
    }

    private static Document root() {
        return parsed(PROJECT.resolve("pom.xml"));
    }

    private static Document sandbox(String pom) {
        return parsed(PROJECT.resolve("sandbox").resolve(pom));
    }

    /** The elements that a path of names leads to, from the document's own. */
    private static List<Element> elements(Document pom, String... path) {
        List<Element> at = List.of(pom.getDocumentElement());
        for (String name : path) {
            at = at.stream().flatMap(element -> children(element, name)).toList();
        }
        return at;
    }

    private static Stream<Element> children(Element element, String name) {
        var found = new ArrayList<Element>();
        NodeList nodes = element.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element child && child.getTagName().equals(name)) {
                found.add(child);
            }
        }
        return found.stream();
    }

    private static String text(Element element, String child) {
        return children(element, child).findFirst().map(Element::getTextContent).orElse("");
    }

    private static Map<String, Element> dependencies(Document pom, String... path) {
        var byName = new TreeMap<String, Element>();
        elements(pom, path).forEach(element -> byName.put(text(element, "artifactId"), element));
        return byName;
    }

    private static Map<String, Element> dependencies(Document pom) {
        return dependencies(pom, "dependencies", "dependency");
    }

    private static boolean isTest(Element dependency) {
        return text(dependency, "scope").equals("test");
    }

    private static String property(Document pom, String name) {
        return elements(pom, "properties", name).stream()
                .map(Element::getTextContent)
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @MethodSource("xmlFiles")
    void xmlIsWellFormed(Path file) {
        assertThat(parsed(file).getDocumentElement()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("yamlFiles")
    void yamlIsWellFormed(Path file) throws IOException {
        String text = Files.readString(file);
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);

        assertThatCode(() -> assertThat(new Yaml(new SafeConstructor(options)).<Object>load(text))
                        .isInstanceOf(Map.class))
                .as("%s", file)
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "ban-commons-lang-2.skip,false",
        "ban-deprecated-stapler.skip,false",
        "ban-junit4-imports.skip,false",
        "banObsoleteDependencyOverrides.skip,false",
        "changelist,999999-SNAPSHOT",
        "gitHubRepo,jenkinsci/${project.artifactId}-plugin",
        "hpi.bundledArtifacts,failsafe",
        "hpi.strictBundledArtifacts,true",
        "spotbugs.effort,Max",
        "spotbugs.threshold,Low",
        "spotless.check.skip,false",
    })
    void theReleaseBuildChecksAllItCan(String property, String value) {
        assertThat(property(root(), property)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "Jenkinsfile,buildPlugin(",
        "Jenkinsfile,platform: 'linux'",
        "Jenkinsfile,platform: 'windows'",
        ".mvn/extensions.xml,git-changelist-maven-extension",
        ".mvn/maven.config,-Pconsume-incrementals",
        ".mvn/maven.config,-Pmight-produce-incrementals",
        ".github/CODEOWNERS,* @jenkinsci/gitops-waves-plugin-developers",
        ".github/dependabot.yml,package-ecosystem: maven",
        ".github/workflows/auto-merge-safe-deps.yml,"
                + "github-reusable-workflows/.github/workflows/auto-merge-safe-deps.yml",
        ".github/workflows/cd.yaml,github-reusable-workflows/.github/workflows/maven-cd.yml",
        ".github/workflows/close-bom-if-passing.yml,"
                + "github-reusable-workflows/.github/workflows/close-bom-if-passing.yml",
        ".github/workflows/jenkins-security-scan.yml,"
                + "jenkins-security-scan/.github/workflows/jenkins-security-scan.yaml",
        "src/main/resources/index.jelly,<div>",
        "LICENSE,MIT License",
    })
    void theFurnitureOfAPluginIsThere(String file, String holds) {
        assertThat(PROJECT.resolve(file)).content().contains(holds);
    }

    @Test
    void theSandboxHasSomethingForEveryDependency() {
        Map<String, Element> here = dependencies(sandbox("plugin/pom.xml"));
        var expected = new TreeSet<>(INHERITED);
        expected.addAll(List.of("gitops-waves-jenkins-api", "gitops-waves-world"));
        dependencies(root()).forEach((name, dependency) -> {
            if (LIBRARIES.containsKey(name)) {
                expected.add(LIBRARIES.get(name));
                expected.addAll(MORE_LIBRARIES.getOrDefault(name, List.of()));
                assertThat(isTest(here.get(LIBRARIES.get(name))))
                        .as("%s is for tests", name)
                        .isEqualTo(isTest(dependency));
            } else if (DECLARED.containsKey(name)) {
                assertThat(PROJECT.resolve("sandbox/jenkins-api/src/main/java").resolve(DECLARED.get(name)))
                        .isDirectory();
            } else if (!BROWSER_ONLY.contains(name)) {
                assertThat(CONTROLLER_ONLY)
                        .as("Say in this test what the sandbox has in place of the root pom's dependency %s.", name)
                        .contains(name);
                assertThat(isTest(dependency)).as(name).isTrue();
            }
        });

        assertThat(here.keySet()).isEqualTo(expected);
    }

    @Test
    void whatBothTakeFromMavenCentralHasOneVersion() {
        Document root = root();
        Document sandbox = sandbox("pom.xml");
        Map<String, Element> managed = dependencies(sandbox, "dependencyManagement", "dependencies", "dependency");
        dependencies(root).forEach((name, dependency) -> {
            String version = text(dependency, "version");
            if (!version.isEmpty()) {
                String there = text(managed.get(LIBRARIES.get(name)), "version");
                assertThat(resolved(sandbox, there)).as(name).isEqualTo(resolved(root, version));
            }
        });
    }

    private static String resolved(Document pom, String version) {
        return version.startsWith("${") ? property(pom, version.substring(2, version.length() - 1)) : version;
    }

    @Test
    void whatAControllerHasIsInTheSandboxInTheSameVersion() {
        Document root = root();
        String jenkins =
                property(root, "jenkins.version").replace("${jenkins.baseline}", property(root, "jenkins.baseline"));
        assertThat(List.of(
                        text(elements(root, "parent").get(0), "version"),
                        jenkins,
                        text(
                                elements(root, "dependencyManagement", "dependencies", "dependency")
                                        .get(0),
                                "version")))
                .as("With a new parent, Jenkins or BOM look up the versions of the libraries in this test anew.")
                .isEqualTo(BASELINE);
        Document sandbox = sandbox("pom.xml");
        Map<String, Element> managed = dependencies(sandbox, "dependencyManagement", "dependencies", "dependency");
        LIBRARIES_OF_BASELINE.forEach((name, version) -> assertThat(
                        managed.containsKey(name) ? text(managed.get(name), "version") : property(sandbox, name))
                .as(name)
                .isEqualTo(version));
    }

    @Test
    void thePackedPluginDependsOnWhatTheReleasedOneDependsOn() throws IOException {
        Attributes manifest;
        try (var stream = Files.newInputStream(PROJECT.resolve("sandbox/plugin/hpi.mf"))) {
            manifest = new Manifest(stream).getMainAttributes();
        }
        String bundled = property(root(), "hpi.bundledArtifacts");
        var expected = new TreeSet<String>();
        dependencies(root()).forEach((name, dependency) -> {
            if (!isTest(dependency) && !bundled.equals(name)) {
                expected.add(name + (text(dependency, "optional").equals("true") ? " optional" : ""));
            }
        });

        assertThat(manifest.getValue("Plugin-Dependencies").split(","))
                .extracting(entry -> entry.replaceFirst(":[^;]*", "").replace(";resolution:=", " "))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(manifest.getValue("Jenkins-Version")).isEqualTo(BASELINE.get(1));
    }

    @Test
    void bothBuildsSeeTheSameSources() throws IOException {
        assertThat(files(SOURCES).stream()
                        .map(file -> SOURCES.relativize(file).toString())
                        .filter(file -> !file.matches("main/(java|resources|webapp)/.*|test/(java|resources)/.*"))
                        .toList())
                .as("What only the release build's checks read")
                .containsExactly("spotbugs/excludesFilter.xml");
        Document plugin = sandbox("plugin/pom.xml");
        assertThat(elements(plugin, "build", "sourceDirectory").get(0).getTextContent())
                .endsWith("/src/main/java");
        assertThat(elements(plugin, "build", "testSourceDirectory").get(0).getTextContent())
                .endsWith("/src/test/java");
        assertThat(elements(plugin, "build", "resources", "resource", "directory")
                        .get(0)
                        .getTextContent())
                .endsWith("/src/main/resources");
        assertThat(Files.readString(PROJECT.resolve("sandbox/plugin/pom.xml")).split("<testExclude>"))
                .as("what the sandbox leaves out")
                .hasSize(2);
        assertThat(Files.readString(PROJECT.resolve("pom.xml"))).doesNotContain("<excludes>", "<testExcludes>");
    }

    /** Surefire finds tests by the names of their classes. */
    @Test
    void everyTestIsCalledSo() throws IOException {
        for (Path file : files(SOURCES.resolve("test/java"))) {
            String text = Files.readString(file);
            if (text.matches("(?s).*@(Test|ParameterizedTest|RepeatedTest|Property|ArchTest)\\b.*")) {
                String ending = file.startsWith(CONTROLLER) ? "ITest.java" : "Test.java";
                assertThat(file.getFileName().toString()).endsWith(ending);
                assertThat(file.startsWith(CONTROLLER))
                        .as("%s", file)
                        .isEqualTo(text.contains(".WithJenkins;")
                                || text.contains(".JenkinsRule;")
                                || text.contains(".JenkinsSessionExtension;"));
            }
        }
    }
}
