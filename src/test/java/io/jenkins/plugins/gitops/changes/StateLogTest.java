package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.signing.CommitSigner;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.Test;

class StateLogTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final PersonIdent WHO = new PersonIdent("GitOps Waves", "waves@example.com", NOON, ZoneOffset.UTC);

    private final InMemoryRepository git = new InMemoryRepository(new DfsRepositoryDescription("state"));
    private final StateRef ref = new StateRef(git, CommitSigner.NONE, true);
    private final StateLog log = new StateLog(git);

    private ObjectId write(ObjectId state, String why) throws Exception {
        return ref.write(state, Map.of("waves/production.json", Optional.of("{}")), why, WHO);
    }

    @Test
    void tellsWhoDidWhatAndWhyTheNewestFirst() throws Exception {
        ObjectId held = write(
                ObjectId.zeroId(),
                "production is held\n\nWhy: Black Friday\nUntil: 2026-11-30T09:00:00Z\nBy: maria\nWritten by: jenkins");
        ObjectId unwell = write(held, "staging is unwell\n\nWhy: a target is degraded\nWritten by: jenkins");

        List<StateEvent> events = log.upTo(unwell);

        assertThat(events)
                .extracting(StateEvent::what)
                .containsExactly("staging is unwell", "production is held until 2026-11-30T09:00:00Z");
        assertThat(events.get(0).by()).isEmpty();
        assertThat(events.get(1).by()).isEqualTo("maria");
        assertThat(events.get(1).why()).isEqualTo("Black Friday");
        assertThat(events.get(1).at()).isEqualTo(NOON);
    }

    @Test
    void leavesOutDecisionsWhichTheHistoryHas() throws Exception {
        DecidedChange decided = StateRefTest.decided("merged-0001", NOON);
        ObjectId merged = ref.record(
                ObjectId.zeroId(), List.of(decided), "merged chore: update app\n\nWhy: green\nBy: jenkins", WHO);

        assertThat(log.upTo(merged)).isEmpty();
        assertThat(log.upTo(ObjectId.zeroId())).isEmpty();
    }

    @Test
    void readsOnlyWhatIsNew() throws Exception {
        ObjectId first = write(ObjectId.zeroId(), "production is held\n\nWhy: a\nBy: ann\nWritten by: jenkins");
        List<StateEvent> before = log.upTo(first);
        ObjectId second = write(first, "production is released\n\nBy: ann\nWritten by: jenkins");

        assertThat(log.upTo(first)).isSameAs(before);
        assertThat(log.upTo(second)).hasSize(2).last().isSameAs(before.get(0));
    }
}
