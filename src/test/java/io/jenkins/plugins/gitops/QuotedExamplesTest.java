package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No example makes a script of a value by Groovy's interpolation: whoever gives the value would give commands. */
class QuotedExamplesTest {

    /** A step that runs a script which Groovy puts together. */
    private static final Pattern INTERPOLATED = Pattern.compile("\\b(?:sh|bat|powershell|pwsh)\\b\\s*\\(?\\s*(?:\\[?"
            + "\\s*\\w+:\\s*(?:true|false|'[^'\n]*')\\s*,\\s*)*(?:script:\\s*)?"
            + "(?:\"\"\"(?:(?!\"\"\")[\\s\\S])*?(?<!\\\\)\\$|\"(?!\"\")[^\"\n]*(?<!\\\\)\\$)");

    private static List<String> found(String text) {
        return INTERPOLATED
                .matcher(text)
                .results()
                .map(match -> match.group().strip())
                .toList();
    }

    @Test
    void noExampleInterpolates() throws IOException {
        Path project = JenkinsSymbolsTest.project();
        var wrong = new ArrayList<String>();
        var read = new ArrayList<Path>();
        for (String place : List.of("README.md", "docs", "src/main/resources", "sandbox/demo/src/main")) {
            try (Stream<Path> files = Files.walk(project.resolve(place))) {
                for (Path file :
                        files.filter(QuotedExamplesTest::mayHaveExamples).toList()) {
                    read.add(file);
                    found(Files.readString(file)).forEach(each -> wrong.add(project.relativize(file) + ": " + each));
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(read).hasSizeGreaterThan(60);
    }

    private static boolean mayHaveExamples(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && (name.startsWith("Jenkinsfile") || name.matches(".*\\.(md|groovy|html|java|jelly|properties)"));
    }

    @Test
    void interpolationIsFoundHoweverItIsWritten() {
        assertThat(List.of(
                        "sh \"deploy ${params.GITOPS_SET}\"",
                        "sh(\"deploy $wave\")",
                        "sh(script: \"deploy ${wave}\", returnStdout: true)",
                        "sh(returnStdout: true, script: \"deploy ${wave}\")",
                        "sh \"\"\"\n  set -e\n  deploy ${env.GITOPS_WAVE}\n\"\"\"",
                        "bat \"deploy ${wave}\""))
                .allSatisfy(text -> assertThat(found(text)).as(text).hasSize(1));
        assertThat(List.of(
                        "sh 'deploy \"$GITOPS_SET\"'",
                        "sh \"make generate\"",
                        "sh(script: './check \"$WAVE\"', returnStatus: true)",
                        "sh \"echo \\$HOME\"",
                        "withEnv([\"TAG=${sha}\"]) {"))
                .allSatisfy(text -> assertThat(found(text)).as(text).isEmpty());
    }
}
