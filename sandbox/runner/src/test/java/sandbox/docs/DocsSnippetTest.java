package sandbox.docs;

import static org.assertj.core.api.Assertions.assertThat;

import groovy.lang.GroovyClassLoader;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import jenkins.model.SandboxHome;
import org.codehaus.groovy.control.CompilationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import sandbox.binding.ArgumentBinder;
import sandbox.casc.CascReader;

/** What stands in the pages as Groovy compiles, and what stands there as configuration is one. */
class DocsSnippetTest {

    private static final Set<String> ROOTS = Set.of("credentials", "unclassified");

    /** What other plugins are configured by, which the sandbox does not have. */
    private static final Set<String> OF_OTHERS = Set.of("globalLibraries");

    /** The annotation that Jenkins' shared libraries are asked for with. */
    private static final String LIBRARY = "@interface Library { String[] value() }";

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    @TempDir
    Path folder;

    private final List<String> wrong = new ArrayList<>();
    private int read;

    private interface Reading {
        void read(String text) throws Exception;
    }

    private void each(String language, Reading reading) {
        for (MarkdownPage page : MarkdownPage.pages()) {
            for (MarkdownPage.Block block : page.blocks()) {
                if (block.language().equals(language)) {
                    read++;
                    try {
                        reading.read(block.text());
                    } catch (Exception e) {
                        wrong.add(page.name() + ":" + block.line() + ": " + e.getMessage());
                    }
                }
            }
        }
    }

    @Test
    void groovyCompiles() {
        each("groovy", text -> {
            try (var loader = new GroovyClassLoader()) {
                loader.parseClass(LIBRARY, "Library.groovy");
                loader.parseClass(text, "Snippet.groovy");
            } catch (CompilationFailedException e) {
                throw new IllegalArgumentException(e);
            }
        });

        assertThat(wrong).isEmpty();
        assertThat(read).isGreaterThan(10);
    }

    @Test
    void shellParses() {
        each("sh", text -> {
            Process process =
                    new ProcessBuilder("sh", "-n").redirectErrorStream(true).start();
            try (var input = process.getOutputStream()) {
                input.write(text.getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalArgumentException(said);
            }
        });

        assertThat(wrong).isEmpty();
        assertThat(read).isGreaterThan(10);
    }

    @Test
    void yamlIsWhatTheConfigurationTakes() {
        each("yaml", text -> {
            Object value = parsed(text);
            if (value instanceof Map<?, ?> map && ROOTS.containsAll(map.keySet())) {
                if (!isOfOthers(map)) {
                    configure(text);
                }
            } else if (value instanceof Map<?, ?> map
                    && ArgumentBinder.types(RepositoryDefinition.class).keySet().containsAll(map.keySet())) {
                configure(inRepository(text, map.keySet()));
            }
        });

        assertThat(wrong).isEmpty();
        assertThat(read).isGreaterThan(10);
    }

    private static boolean isOfOthers(Map<?, ?> configuration) {
        return configuration.get("unclassified") instanceof Map<?, ?> plugins
                && OF_OTHERS.containsAll(plugins.keySet());
    }

    private static Object parsed(String text) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Fields of a repository, with what a repository cannot do without. */
    private static String inRepository(String fields, Set<?> names) {
        StringBuilder text = new StringBuilder("""
                unclassified:
                  gitopsWaves:
                    argoServers:
                      - {name: main, url: "https://argocd.example.com"}
                    repositories:
                      - name: cfg-app
                        url: https://git.example.com/acme/cfg-app.git
                """);
        if (!names.contains("allowedJobs")) {
            text.append("        allJobs: true\n");
        }
        if (!names.contains("checks")) {
            text.append("        checks: [{reported: {}}]\n");
        }
        if (!names.contains("requiredChecks")) {
            text.append("        requiredChecks: [{name: ci/check, source: ")
                    .append(names.contains("checks") ? "github" : "reported")
                    .append("}]\n");
        }
        return text + fields.indent(8);
    }

    private void configure(String text) throws Exception {
        Map<String, String> environment = new HashMap<>();
        VARIABLE.matcher(text).results().forEach(variable -> environment.put(variable.group(1), "given"));
        try (SandboxHome home = SandboxHome.open(Files.createTempDirectory(folder, "home"))) {
            new CascReader(environment).apply(text);
            GitOpsWavesConfiguration.get().getRepositories().forEach(RepositoryDefinition::toSettings);
        }
    }
}
