package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.signing.CommitSigner;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.TreeFormatter;
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

    private static String event(int number) {
        return "event " + number + "\n\nBy: ann\nWritten by: jenkins";
    }

    /** Many commits at once, with the messages of the numbers from one to another. */
    private ObjectId chain(ObjectId parent, int first, int last, IntFunction<String> message) throws Exception {
        ObjectId tip = parent;
        try (ObjectInserter inserter = git.newObjectInserter()) {
            for (int number = first; number <= last; number++) {
                var commit = new CommitBuilder();
                commit.setTreeId(inserter.insert(new TreeFormatter()));
                if (!tip.equals(ObjectId.zeroId())) {
                    commit.setParentId(tip);
                }
                commit.setAuthor(WHO);
                commit.setCommitter(WHO);
                commit.setMessage(message.apply(number));
                tip = inserter.insert(commit);
            }
            inserter.flush();
        }
        return tip;
    }

    @Test
    void theLatestTwoHundredEventsAreTold() throws Exception {
        ObjectId most = chain(ObjectId.zeroId(), 1, 199, StateLogTest::event);
        assertThat(log.upTo(most)).hasSize(199);
        ObjectId all = chain(most, 200, 202, StateLogTest::event);

        assertThat(log.upTo(all))
                .as("three of them were new")
                .hasSize(200)
                .extracting(StateEvent::what)
                .startsWith("event 202", "event 201", "event 200", "event 199")
                .endsWith("event 3");
        assertThat(new StateLog(git).upTo(all)).isEqualTo(log.upTo(all));
    }

    @Test
    void eventsBelowTwoThousandOtherCommitsAreLeft() throws Exception {
        ObjectId event = chain(ObjectId.zeroId(), 1, 1, StateLogTest::event);
        ObjectId reached = chain(event, 1, 1999, number -> "decision " + number);

        assertThat(new StateLog(git).upTo(reached)).hasSize(1);
        assertThat(new StateLog(git).upTo(chain(reached, 2000, 2000, number -> "decision " + number)))
                .isEmpty();
    }

    @Test
    void aHoldWithoutAnEndHasNone() throws Exception {
        ObjectId held =
                write(ObjectId.zeroId(), "production is held\n\nWhy: a\nUntil: released\nBy: ann\nWritten by: jenkins");

        assertThat(log.upTo(held)).extracting(StateEvent::what).containsExactly("production is held");
    }

    @Test
    void whatACloneLacksIsLeft() throws Exception {
        ObjectId lacking = ObjectId.fromString("1".repeat(40));

        assertThat(log.upTo(chain(lacking, 1, 2, StateLogTest::event)))
                .extracting(StateEvent::what)
                .containsExactly("event 2", "event 1");
    }
}
