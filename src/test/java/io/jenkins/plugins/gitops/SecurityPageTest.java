package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.security.Permission;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
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
                        : permission == GitOpsPermissions.HOLD ? "GitOps Waves/Hold" : "GitOps Waves/Promote";
    }
}
