package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.security.Permission;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;

/** What docs/security.md says, against the code. */
class SecurityPageTest {

    private static String page() throws IOException {
        return Files.readString(JenkinsSymbolsTest.project().resolve("docs/security.md"));
    }

    @Test
    void itHasTheTableOfPowers() throws IOException {
        assertThat(page()).contains(table());
    }

    @Test
    void itNamesTestsThatThereAre() throws IOException {
        Set<String> tests = new HashSet<>();
        for (String folder : List.of("src/test", "sandbox")) {
            try (Stream<Path> files = Files.walk(JenkinsSymbolsTest.project().resolve(folder))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> tests.add(name.replace(".java", "")));
            }
        }

        assertThat(Pattern.compile("`(\\w+Test)`").matcher(page()).results().map(match -> match.group(1)))
                .hasSizeGreaterThan(60)
                .allMatch(tests::contains);
    }

    @Test
    void itSaysWhatEachPermissionAllows() throws Exception {
        for (Field permission : GitOpsPermissions.class.getFields()) {
            String name = permission.getName();
            assertThat(page())
                    .contains("| users with GitOps Waves/" + name.charAt(0)
                            + name.substring(1).toLowerCase(Locale.ROOT));
        }
    }

    /** The table of the page, as the code has it. */
    private static String table() {
        var table = new StringBuilder("| | what it is | of a job | of a user of the pages |\n|---|---|---|---|\n");
        for (RepositoryPower power : RepositoryPower.values()) {
            table.append("| ")
                    .append(power.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                    .append(" | ")
                    .append(power.description())
                    .append(" | ")
                    .append(power.extent().description())
                    .append(" | ")
                    .append(power.permission().map(SecurityPageTest::name).orElse("no page offers it"))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String name(Permission permission) {
        return permission == Jenkins.ADMINISTER
                ? "Overall/Administer"
                : permission == GitOpsPermissions.VIEW
                        ? "GitOps Waves/View"
                        : permission == GitOpsPermissions.HOLD
                                ? "GitOps Waves/Hold"
                                : permission == GitOpsPermissions.APPROVE
                                        ? "GitOps Waves/Approve"
                                        : "GitOps Waves/Promote";
    }
}
