package io.jenkins.plugins.gitops.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers say on the side of a push, in their own forms. */
class PushResponseTest {

    private static final String URL = "https://git.example.com/acme/cfg-app.git";

    private static String refusal(String reason, String words) {
        return PushResponse.refusal(URL, "refs/heads/main", reason, PushResponse.words(words), Set.of());
    }

    @Test
    void theRulesOfGitHubArePassedOn() {
        assertThat(refusal("push declined due to repository rule violations", """
            error: GH013: Repository rule violations found for refs/heads/main.
            Review all repository rules at https://github.com/acme/cfg-app/rules?ref=refs%2Fheads%2Fmain

            - Changes must be made through a pull request.

            - 2 of 2 required status checks are expected.

            """))
                .contains("push declined due to repository rule violations: error: GH013")
                .contains(
                        "- Changes must be made through a pull request. - 2 of 2 required status checks are expected.")
                .contains("look at the rule that it names");
        assertThat(refusal("protected branch hook declined", "error: GH006: Protected branch update failed for main."))
                .contains("GH006: Protected branch update failed for main.");
    }

    @Test
    void theFrameOfGitLabIsLeftOut() {
        String frame = "=".repeat(72);
        assertThat(PushResponse.words("\n" + frame + "\n\n"
                        + "GitLab: You are not allowed to push code to protected branches on this project.\n\n" + frame
                        + "\n\n"))
                .isEqualTo("GitLab: You are not allowed to push code to protected branches on this project.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Checking commit messages: \"Deploy\" names no ticket",
                "Checking of policies is done, and 2 failed",
                "Counting approvals: 0 of 2",
                "Processing changes is not allowed for you",
                "You have used 100% of your quota, 1.0 GB",
                "Quota: 101%"
            })
    void whatAHookChecksIsNoProgress(String words) {
        assertThat(PushResponse.words("Resolving deltas: 100% (1/1)\r\nResolving deltas: 100% (1/1), done.\n" + words
                        + "\nProcessing changes: refs: 1, done    \n"))
                .isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Resolving deltas:  50% (1/2)",
                "Unpacking objects: 100% (3/3), done.",
                "Checking connectivity... done.",
                "Checking connectivity: 3, done.",
                "Enumerating objects: 3, done.",
                "Processing changes: refs: 1, new: 1, done",
                ". Processing 2 references",
                "Processed 2 references in total",
                "error:"
            })
    void progressIsLeftOut(String line) {
        assertThat(PushResponse.words(line + "\n")).isEmpty();
    }

    @Test
    void theColoursOfAHookAreLeftOut() {
        assertThat(PushResponse.words("\u001b[1;31mDENIED\u001b[0m no ticket\u001b[K\n"))
                .isEqualTo("DENIED no ticket");
    }

    @ParameterizedTest
    @CsvSource({
        "Commits must have verified signatures., true",
        "All commits must be signed., true",
        "This branch has an unsigned commit, true",
        "Commit lacks a Signed-off-by line, false",
        "You must be signed in to push, false",
        "Accounts are signed up by an administrator, false"
    })
    void onlyARuleOfSignaturesIsAnsweredWithTheSigningKey(String words, boolean signing) {
        assertThat(refusal("pre-receive hook declined", words).contains("signing: key"))
                .isEqualTo(signing);
    }
}
