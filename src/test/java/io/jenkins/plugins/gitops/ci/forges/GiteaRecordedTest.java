package io.jenkins.plugins.gitops.ci.forges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.RequiredCheckPolicy;
import io.jenkins.plugins.gitops.ci.SourceResponse;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.world.ConversationReplayer;
import io.jenkins.plugins.gitops.world.HttpConversation;
import io.jenkins.plugins.gitops.world.HttpConversation.Entry;
import io.jenkins.plugins.gitops.world.HttpConversation.Kind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a real Gitea said, replayed to the client and the policy of required checks. Beside the recordings of deliveries
 * lies the verdict of each answer about a commit, commits counted as they were asked about; written anew with
 * {@code -Drecorded.rewrite=true}.
 */
class GiteaRecordedTest {

    private static final Path FOLDER = Path.of("src/test/resources/recorded/gitea-1.26");
    private static final Pattern FIRST_PAGE =
            Pattern.compile("/api/v1/repos/(?<repository>[^/]+/[^/]+)/commits/(?<sha>[0-9a-f]{40})/status\\?.*&page=1");

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve(FOLDER))) {
            here = here.getParent();
        }
        return here.resolve(FOLDER);
    }

    private static HttpConversation recorded(String scene) throws IOException {
        return HttpConversation.read(folder().resolve(scene + ".jsonl"));
    }

    private ForgeClient client(ConversationReplayer replayer, HttpConversation conversation, RequiredCheck... checks) {
        String repository = note(conversation, "repository");
        return ForgeClient.of(
                new ForgeSettings(
                        ForgeSettings.ForgeKind.GITEA, replayer.url(), repository, true, true, List.of(checks)),
                HttpClient.newHttpClient(),
                timer,
                timer,
                () -> Optional.of("secret-token"),
                new RateLimit(Clock.systemUTC()));
    }

    private static String note(HttpConversation conversation, String field) {
        return Json.parse(conversation.of(Kind.NOTE).get(0).body()).path(field).asText();
    }

    private static Verdict verdict(String check, List<CheckResult> said) {
        var required = new RequiredCheck(check, "gitea", 0, false, List.of());
        Clock clock = Clock.fixed(Instant.parse("2026-11-29T13:00:00Z"), ZoneOffset.UTC);
        return new RequiredCheckPolicy(List.of(required), Duration.ofHours(9), clock)
                .judge(Map.of("gitea", SourceResponse.of(said, List.of())));
    }

    private static String words(Verdict verdict) {
        return Stream.of(
                        List.of(verdict.color().toString()),
                        verdict.isRed() ? List.of(verdict.describeFailures()) : List.<String>of(),
                        verdict.remarks(),
                        verdict.pending().stream()
                                .map(check -> check + " is pending")
                                .toList(),
                        verdict.missing().stream()
                                .map(check -> check + " is missing")
                                .toList())
                .flatMap(List::stream)
                .collect(Collectors.joining("; "));
    }

    @ParameterizedTest
    @CsvSource({"delivery, ci/check", "actions, ci / build"})
    void eachCommitIsJudgedAsBefore(String scene, String check) throws Exception {
        HttpConversation conversation = recorded(scene);
        var text = new StringBuilder();
        var commits = new ArrayList<String>();
        var before = new HashMap<String, String>();
        try (var replayer = new ConversationReplayer(conversation)) {
            ForgeClient client = client(replayer, conversation);
            for (Entry entry : conversation.of(Kind.ANSWER)) {
                Matcher asked = FIRST_PAGE.matcher(entry.path());
                if (!asked.matches() || entry.status() != 200) {
                    continue;
                }
                String sha = asked.group("sha");
                if (!commits.contains(sha)) {
                    commits.add(sha);
                }
                Verdict verdict =
                        verdict(check, client.fetch(sha, Set.of()).join().results());
                String now = words(verdict);
                if (!now.equals(before.put(sha, now))) {
                    text.append("commit ")
                            .append(commits.indexOf(sha) + 1)
                            .append(": ")
                            .append(now)
                            .append('\n');
                }
            }
            assertThat(replayer.unknown()).isEmpty();
        }
        Path file = folder().resolve(scene + ".states");
        if (Boolean.getBoolean("recorded.rewrite")) {
            Files.writeString(file, text);
        }
        assertThat(file).hasContent(text.toString());
    }

    /** The newest status of each of 110 contexts, of which the real server gives fifty a page at most. */
    @Test
    void everyPageIsRead() throws Exception {
        HttpConversation conversation = recorded("pages");
        try (var replayer = new ConversationReplayer(conversation)) {
            List<CheckResult> said = client(replayer, conversation)
                    .fetch(note(conversation, "commit"), Set.of())
                    .join()
                    .results();

            assertThat(said).hasSize(110);
            assertThat(said)
                    .filteredOn(result -> result.status().state() == CheckState.FAILURE)
                    .extracting(result -> result.status().context())
                    .containsExactly("ci/105");
            assertThat(said)
                    .filteredOn(result -> result.status().state() == CheckState.SUCCESS)
                    .hasSize(109);
            assertThat(replayer.unknown()).isEmpty();
        }
    }

    /** Two workflows called ci have a job called build: the one that fails first, and the one that succeeds then. */
    @ParameterizedTest
    @ValueSource(strings = {"ci / build (push)", "ci / build"})
    void ofTwoWorkflowsOfOneNameTheWorstCounts(String check) throws Exception {
        HttpConversation conversation = recorded("same-name");
        try (var replayer = new ConversationReplayer(conversation)) {
            var required = new RequiredCheck(check, "gitea", false, List.of());
            List<CheckResult> said = client(replayer, conversation, required)
                    .fetch(note(conversation, "commit"), Set.of())
                    .join()
                    .results();

            Verdict verdict = verdict(check, said);
            assertThat(verdict.isRed()).isTrue();
            assertThat(verdict.describeFailures()).contains("2 runs the worst counts");
            assertThat(replayer.unknown()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token-revoked | refuses the token (401, \"invalid username, password or token\")",
                "token-without-repositories | let it read acme/cfg-app2, its commit statuses and checks",
                "no-such-repository | and that the token may see it",
                "renamed | if it was renamed or moved, give its present name"
            })
    void aRefusalNamesTheRemedy(String scene, String remedy) throws Exception {
        HttpConversation conversation = recorded(scene);
        try (var replayer = new ConversationReplayer(conversation)) {
            ForgeClient client = client(replayer, conversation);
            String sha = note(conversation, "commit");

            assertThatThrownBy(() -> client.fetch(sha, Set.of()).join())
                    .hasCauseInstanceOf(ForgeUnavailable.class)
                    .hasMessageContaining(remedy);
            assertThatThrownBy(() -> client.checkAccess().join()).hasMessageContaining(remedy);
            assertThat(replayer.unknown()).isEmpty();
        }
    }

    @Test
    void aTokenThatOnlyReadsWritesNoStatus() throws Exception {
        HttpConversation conversation = recorded("token-that-reads");
        try (var replayer = new ConversationReplayer(conversation)) {
            ForgeClient client = client(replayer, conversation);
            String sha = note(conversation, "commit");

            assertThat(verdict("ci/check", client.fetch(sha, Set.of()).join().results())
                            .isGreen())
                    .isTrue();
            assertThatThrownBy(() -> client.post(
                                    sha, new OutgoingStatus(CheckState.SUCCESS, "Merged into main", Optional.empty()))
                            .join())
                    .hasMessageContaining("required=[write:repository]")
                    .hasMessageContaining("let it write commit statuses of acme/cfg-app2");
            assertThat(replayer.unknown()).isEmpty();
        }
    }
}
