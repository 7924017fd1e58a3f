package io.jenkins.plugins.gitops.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RepositoryState.BroughtImages;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** However many services a long history has, what is kept of it in memory stays small. */
class HistoryJsonTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final int SERVICES = 100;

    private final List<DecidedChange> history = new ArrayList<>();
    private final Map<String, BroughtImages> brought = new HashMap<>();

    private void merged(int number) {
        String sha = "%040x".formatted(number);
        history.add(
                0,
                new DecidedChange(
                        sha,
                        sha,
                        "By hand",
                        Optional.empty(),
                        DecidedChange.End.of(Outcome.MERGED, "it was merged", Optional.of(sha)),
                        "jenkins",
                        NOON.plusSeconds(number)));
        var images = new TreeMap<String, ImageRef>();
        for (int service = 0; service < SERVICES; service++) {
            images.put(
                    "service" + service,
                    new ImageRef("docker.example.com/shop", "v" + number, "sha256:" + "%064x".formatted(number)));
        }
        brought.put(sha, new BroughtImages("", images, "set-" + number));
    }

    @Test
    void changesOverTheLengthAreLeftOutTheOldestFirst() {
        for (int number = 1; number <= 50; number++) {
            merged(number);
        }
        var state = new RepositoryState(
                new RepositoryState.Head("cfg-app", "main", history.get(0).sha(), NOON),
                List.of(),
                List.of(),
                RejectedImages.NONE,
                new RepositoryState.Past(history, brought, List.of()),
                List.of());
        String whole = new HistoryJson().of(state);
        String bounded = new HistoryJson(100_000).of(state);

        assertThat(whole).contains("set-50", "set-1\"");
        assertThat(bounded)
                .contains("set-50")
                .doesNotContain("set-1\"")
                .endsWith("\n  ]\n")
                .hasSizeLessThan(150_000);
    }

    @Test
    void imagesOfOldChangesAreLetGoAndNotTheIdentitiesOfTheirSets() {
        for (int number = 1; number <= 5; number++) {
            merged(number);
        }

        Map<String, BroughtImages> bounded = CommitImages.bounded(history, brought, 3 * SERVICES);

        assertThat(bounded.values())
                .extracting(BroughtImages::identity)
                .hasSize(5)
                .doesNotContain("");
        assertThat(history.stream()
                        .map(change -> bounded.get(change.sha()).images().size()))
                .containsExactly(SERVICES, SERVICES, SERVICES, 0, 0);
    }
}
