package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.events.EventType;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The help of a field that takes some words or numbers names all of them, and no others. {@code DocsReferenceTest} of
 * the sandbox compares defaults.
 */
class HelpWordsTest {

    private static final Pattern CODE = Pattern.compile("<code>(.*?)</code>");

    private static String help(String file) throws IOException {
        return Files.readString(
                JenkinsSymbolsTest.project().resolve("src/main/resources/io/jenkins/plugins/gitops/" + file + ".html"));
    }

    /** The words of the help in code, without those of its example. */
    private static List<String> words(String file) throws IOException {
        String help = help(file);
        return CODE.matcher(help.contains("Example:") ? help.substring(0, help.indexOf("Example:")) : help)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String[] names(Object... values) {
        return Arrays.stream(values).map(Object::toString).toArray(String[]::new);
    }

    @Test
    void statesOfAReportedCheck() throws IOException {
        assertThat(words("steps/ReportCiStatusStep/help-state"))
                .containsExactlyInAnyOrder(names((Object[]) CheckState.values()));
    }

    @Test
    void outcomesOfAChange() throws IOException {
        assertThat(words("triggers/ChangeEndedTrigger/help-outcomes"))
                .containsExactly(names(Stream.of(EventType.values())
                        .filter(EventType::endsChange)
                        .toArray()));
    }

    @Test
    void eventsThatAreSent() throws IOException {
        assertThat(help("configuration/repository/NotificationDefinition/help-events"))
                .contains(": " + String.join(", ", names((Object[]) EventType.values())) + ".");
    }

    @Test
    void whatFollowsFromAFailedVerification() throws IOException {
        assertThat(words("configuration/gates/VerificationDefinition/help-onFailure"))
                .containsExactly(Stream.of(VerificationRule.OnFailure.values())
                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                        .toArray(String[]::new));
    }

    @Test
    void numbers() throws IOException {
        assertThat(help("configuration/gates/VerificationDefinition/help-retries"))
                .contains("0 to " + VerificationRule.MAX_RETRIES);
        assertThat(help("configuration/gates/ApprovalsDefinition/help-count"))
                .contains("1 to " + ApprovalRule.MAX_COUNT);
    }
}
