package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.Test;

class DecisionHistoryTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final PersonIdent WHO = new PersonIdent("GitOps Waves", "waves@example.com", NOON, ZoneOffset.UTC);

    private final InMemoryRepository git = new InMemoryRepository(new DfsRepositoryDescription("state"));
    private final StateRef ref = new StateRef(git, CommitSigner.NONE, true);
    private final DecisionHistory history = new DecisionHistory(git);

    private List<String> newest(ObjectId state, int count) throws Exception {
        return history.newest(state, count).stream().map(DecidedChange::id).toList();
    }

    @Test
    void theLatestDecisionsAreTheFirst() throws Exception {
        ObjectId state = ref.record(
                ObjectId.zeroId(),
                List.of(
                        StateRefTest.decided("yesterday", NOON.minus(Duration.ofDays(1))),
                        StateRefTest.decided("a-noon", NOON),
                        StateRefTest.decided("b-later", NOON.plusSeconds(60))),
                "Decide",
                WHO);

        assertThat(newest(ObjectId.zeroId(), 3)).isEmpty();
        assertThat(newest(state, 0)).isEmpty();
        assertThat(newest(state, 1)).containsExactly("b-later");
        assertThat(newest(state, 2)).containsExactly("b-later", "a-noon");
        assertThat(newest(state, 3)).containsExactly("b-later", "a-noon", "yesterday");
        assertThat(newest(state, 4)).hasSize(3);
        ObjectId more = ref.record(
                state, List.of(StateRefTest.decided("tomorrow", NOON.plus(Duration.ofDays(1)))), "Decide", WHO);
        assertThat(newest(more, 4)).containsExactly("tomorrow", "b-later", "a-noon", "yesterday");
        assertThat(newest(state, 4)).hasSize(3);
    }

    @Test
    void theSameServicesOfManyChangesAreKeptOnce() throws Exception {
        List<DecidedChange> both = List.of("first-change", "second-change").stream()
                .map(id -> StateRefTest.decided(id, NOON)
                        .with(Optional.of(ChangeTrailers.builder(id, ChangeOperation.ANNOUNCE, WavePath.of("staging"))
                                .services(new TreeSet<>(List.of("blog", "shop")))
                                .build())))
                .toList();
        ObjectId state = ref.record(ObjectId.zeroId(), both, "Decide", WHO);

        var services = history.newest(state, 2).stream()
                .map(change -> change.trailers().orElseThrow().services())
                .toList();

        assertThat(services.get(0)).isNotEmpty().isSameAs(services.get(1));
    }

    @Test
    void filesThatCannotBeReadAreNamedAsLongAsTheyAreThere() throws Exception {
        ObjectId state = ref.record(ObjectId.zeroId(), List.of(StateRefTest.decided("fine", NOON)), "Decide", WHO);
        ObjectId damaged = ref.write(
                state,
                Map.of(
                        "changes/2026-11-23/bad.json", Optional.of("{}"),
                        "changes/2026-11-23/folder.json/more", Optional.of("{}"),
                        "changes/someday/bad.json", Optional.of("{}")),
                "Damage",
                WHO);

        assertThat(newest(damaged, 5)).containsExactly("fine");
        assertThat(history.problems())
                .extracting(StateFileProblem::path)
                .containsExactly("changes/2026-11-23/bad.json", "changes/2026-11-23/folder.json");
        assertThat(newest(state, 5)).containsExactly("fine");
        assertThat(history.problems()).isEmpty();
    }
}
