package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.signing.CommitSigner;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.Test;

class StateRefTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final InMemoryRepository git = new InMemoryRepository(new DfsRepositoryDescription("state"));

    private static PersonIdent at(Instant when) {
        return new PersonIdent("GitOps Waves", "gitops-waves@example.com", when, ZoneOffset.UTC);
    }

    static DecidedChange decided(String id, Instant when) {
        return new DecidedChange(
                id,
                Outcome.MERGED,
                Optional.empty(),
                "all checks are green",
                "%040x".formatted(1),
                Optional.of("%040x".formatted(1)),
                "chore: update app",
                Optional.empty(),
                "jenkins",
                when,
                List.of());
    }

    private ObjectId record(StateRef ref, ObjectId state, String id, Instant when) throws IOException {
        return ref.record(state, List.of(decided(id, when)), "Merge " + id, at(when));
    }

    private List<String> history(ObjectId state) throws IOException {
        try (var walk = new RevWalk(git)) {
            walk.markStart(walk.parseCommit(state));
            var messages = new ArrayList<String>();
            for (RevCommit commit : walk) {
                messages.add(commit.getFullMessage());
            }
            return messages;
        }
    }

    @Test
    void whatIsOlderThan90DaysLeavesTheTreeAndStaysInTheHistory() throws Exception {
        var ref = new StateRef(git, CommitSigner.NONE, true);
        ObjectId first = record(ref, ObjectId.zeroId(), "a", NOON);
        ObjectId kept = record(ref, first, "b", NOON.plus(Duration.ofDays(90)));
        ObjectId expired = record(ref, kept, "c", NOON.plus(Duration.ofDays(91)));

        assertThat(ref.find(kept, "a")).isPresent();
        assertThat(ref.find(expired, "a")).isEmpty();
        assertThat(ref.find(expired, "b")).isPresent();
        assertThat(ref.find(first, "a")).isPresent();
        assertThat(history(expired)).hasSize(3);
    }

    @Test
    void aLongHistoryIsFolded() throws Exception {
        var ref = new StateRef(git, CommitSigner.NONE, 3);
        ObjectId state = ObjectId.zeroId();
        for (String id : List.of("a", "b", "c")) {
            state = record(ref, state, id, NOON);
        }
        assertThat(history(state)).hasSize(3);

        ObjectId folded = record(ref, state, "d", NOON);
        assertThat(history(folded))
                .containsExactly(
                        "Merge d\n\nThe history before this, up to " + state.name() + ", was long and is folded.\n");
        for (String id : List.of("a", "b", "c", "d")) {
            assertThat(ref.find(folded, id)).as(id).isPresent();
        }
        assertThat(history(record(ref, folded, "e", NOON))).hasSize(2);
    }

    @Test
    void itIsFoldedByAProcessThatHasNotWrittenItToo() throws Exception {
        var other = new StateRef(git, CommitSigner.NONE, 3);
        ObjectId state = ObjectId.zeroId();
        for (String id : List.of("a", "b", "c")) {
            state = record(other, state, id, NOON);
        }
        ObjectId last = record(new StateRef(git, CommitSigner.NONE, 4), state, "d", NOON);
        assertThat(history(last)).hasSize(4);
        assertThat(history(record(new StateRef(git, CommitSigner.NONE, 4), last, "e", NOON))).hasSize(1);
    }
}
