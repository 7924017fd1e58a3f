package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ClassFile.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Keeps the list of all that the compiled plugin names of Jenkins and its plugins, with exact descriptors: what has to
 * be there for its classes to link. What the plugin touches anew shows as a change of that list, and that both builds
 * compile to the same shows in that it is one.
 */
class JenkinsSymbolsTest {

    private static final String LIST = "docs/jenkins-symbols.txt";
    private static final String REWRITE = "symbols.rewrite";

    @Test
    void theListSaysWhatTheClassesName() throws IOException {
        Path list = project().resolve(LIST);
        Set<String> symbols = symbols();
        if (Boolean.getBoolean(REWRITE)) {
            Files.write(list, symbols);
        }

        assertThat(Files.readAllLines(list))
                .as(
                        "%s is not current; rewrite it and look at its difference: "
                                + "GITOPS_MVN_ARGS=-D%s=true sandbox/gitops test -k %s",
                        LIST, REWRITE, getClass().getSimpleName())
                .containsExactlyElementsOf(symbols);
    }

    /** The folder of the release build, in or below which both builds test. */
    static Path project() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("sandbox/gitops"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static Set<String> symbols() {
        Map<String, ClassFile> plugin =
                PluginClasses.all().stream().collect(Collectors.toMap(ClassFile::name, Function.identity()));
        var symbols = new TreeSet<String>();
        for (ClassFile file : plugin.values()) {
            file.types().stream().filter(JenkinsSymbolsTest::isOfJenkins).forEach(symbols::add);
            for (Reference reference : file.references()) {
                declarer(plugin, reference.owner(), reference.member())
                        .filter(JenkinsSymbolsTest::isOfJenkins)
                        .ifPresent(owner -> symbols.add(owner + " " + reference.member()));
            }
        }
        return symbols;
    }

    /** The type that is not the plugin's own from which one of its types has a member; itself if it is none of those. */
    private static Optional<String> declarer(Map<String, ClassFile> plugin, String type, String member) {
        ClassFile own = plugin.get(type);
        if (own == null) {
            return Optional.of(type);
        }
        if (isOwn(plugin, type, member)) {
            return Optional.empty();
        }
        return own.parents().stream()
                .filter(parent -> !parent.startsWith("java/"))
                .flatMap(parent -> declarer(plugin, parent, member).stream())
                .findFirst();
    }

    /** Whether a type of the plugin, or one from which it inherits, declares a member. */
    private static boolean isOwn(Map<String, ClassFile> plugin, String type, String member) {
        ClassFile own = plugin.get(type);
        return own != null
                && (own.declared().contains(member)
                        || own.parents().stream().anyMatch(parent -> isOwn(plugin, parent, member)));
    }

    /** Whether a type belongs to Jenkins or one of its plugins, and not to Java, a library or this plugin. */
    private static boolean isOfJenkins(String type) {
        return type.matches("(hudson|jenkins|com/cloudbees|io/jenkins/plugins/casc|jakarta/servlet|net/sf/json"
                + "|org/jenkinsci|org/jvnet/localizer|org/kohsuke|org/springframework)/.*");
    }
}
