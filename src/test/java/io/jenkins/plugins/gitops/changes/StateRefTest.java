package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.TreeFormatter;
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
                "%040x".formatted(1),
                "chore: update app",
                Optional.empty(),
                DecidedChange.End.of(Outcome.MERGED, "all checks are green", Optional.of("%040x".formatted(1))),
                "jenkins",
                when);
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
        assertThat(history(record(new StateRef(git, CommitSigner.NONE, 4), last, "e", NOON)))
                .hasSize(1);
    }

    @Test
    void commitsOfOthersCountForTheLengthOfTheHistory() throws Exception {
        var ours = new StateRef(git, CommitSigner.NONE, 4);
        var theirs = new StateRef(git, CommitSigner.NONE, 100);
        ObjectId two = record(ours, record(ours, ObjectId.zeroId(), "a", NOON), "b", NOON);
        ObjectId four = record(ours, record(theirs, two, "c", NOON), "d", NOON);
        assertThat(history(four)).hasSize(4);

        assertThat(history(record(ours, four, "e", NOON)))
                .hasSize(1)
                .first()
                .asString()
                .contains("is folded");
    }

    @Test
    void fiveThousandCommitsAreFoldedWhereThatIsAllowed() throws Exception {
        ObjectId tip = ObjectId.zeroId();
        try (ObjectInserter inserter = git.newObjectInserter()) {
            for (int number = 0; number < 5000; number++) {
                var commit = new CommitBuilder();
                commit.setTreeId(inserter.insert(new TreeFormatter()));
                if (number > 0) {
                    commit.setParentId(tip);
                }
                commit.setAuthor(at(NOON));
                commit.setCommitter(at(NOON));
                commit.setMessage("decision " + number);
                tip = inserter.insert(commit);
            }
            inserter.flush();
        }

        assertThat(history(record(new StateRef(git, CommitSigner.NONE, true), tip, "a", NOON)))
                .hasSize(1);
        assertThat(history(record(new StateRef(git, CommitSigner.NONE, false), tip, "a", NOON)))
                .hasSize(5001);
    }

    private final StateRef ref = new StateRef(git, CommitSigner.NONE, true);

    private ObjectId write(ObjectId state, String path, String content) throws IOException {
        return ref.write(state, Map.of(path, Optional.of(content)), "write", at(NOON));
    }

    @Test
    void whereMainWasMovedToIsWrittenBesideWhatOthersSay() throws Exception {
        ObjectId main = ObjectId.fromString("2".repeat(40));
        assertThat(ref.mergedMain(ObjectId.zeroId())).isEmpty();
        ObjectId state = ref.record(
                write(ObjectId.zeroId(), "main.json", "{\"train\": 7}"),
                List.of(),
                Optional.of(main),
                "Merge",
                at(NOON));
        assertThat(new String(ref.file(state, "main.json").orElseThrow()))
                .isEqualTo("{\n  \"train\": 7,\n  \"sha\": \"" + main.name() + "\"\n}\n");
        assertThat(ref.mergedMain(state)).contains(main);

        for (String other : List.of("[]", "{\"sha\": \"main\"}", "words")) {
            ObjectId damaged = write(state, "main.json", other);
            assertThat(ref.mergedMain(damaged)).as(other).isEmpty();
            ObjectId again = ref.record(damaged, List.of(), Optional.of(main), "Merge", at(NOON));
            assertThat(ref.mergedMain(again)).as(other).contains(main);
        }
        assertThatThrownBy(() -> StateRef.readMain("{}".getBytes())).hasMessage("has no full SHA of a commit");
        String large = "{\"train\": \"" + "x".repeat(Json.MAX_STORED_BYTES - 20) + "\"}";
        ObjectId full = ref.record(write(state, "main.json", large), List.of(), Optional.of(main), "Merge", at(NOON));
        assertThat(ref.file(full, "main.json").orElseThrow().length)
                .as("with the SHA it is too large")
                .isLessThan(100);
    }

    @Test
    void theSetOfAWaveIsWrittenIntoItsFile() throws Exception {
        WavePath path = WavePath.of("staging", "shop");
        var deployed = new DeployedSet("7".repeat(64), "2".repeat(40), NOON);
        ObjectId state = ref.record(ObjectId.zeroId(), Map.of(path, deployed), "Deployed", at(NOON));

        assertThat(WaveState.read(ref.file(state, "waves/staging/shop.json")).deployed())
                .contains(deployed);
        assertThat(ref.file(state, "waves/staging.json")).isEmpty();
    }

    @Test
    void whatIsInTheWayOfAFolderIsNamed() throws Exception {
        ObjectId state = write(ObjectId.zeroId(), "waves/staging", "{}");

        assertThatThrownBy(() -> ref.file(state, "waves/staging/shop.json"))
                .hasMessage("is not there, since waves/staging is not a folder");
        assertThat(ref.file(state, "waves/internal/shop.json")).isEmpty();
        assertThat(ref.file(state, "changes/2026-11-23/a.json")).isEmpty();
        ObjectId worse = write(state, "waves", "{}");
        assertThatThrownBy(() -> ref.file(worse, "waves/staging/shop.json"))
                .hasMessage("is not there, since waves is not a folder");
    }

    @Test
    void aChangeWhoseFileCannotBeReadHasEnded() throws Exception {
        ObjectId state = write(ObjectId.zeroId(), "changes/2026-11-23/bad.json", "{}");
        ObjectId folder = write(state, "changes/2026-11-22/folder.json/more", "{}");

        DecidedChange bad = ref.find(folder, "bad").orElseThrow();
        assertThat(bad.outcome()).isEqualTo(Outcome.LOST);
        assertThat(bad.cause()).contains(DecidedChange.UNREADABLE);
        assertThat(bad.at()).isEqualTo(Instant.parse("2026-11-23T00:00:00Z"));
        assertThat(bad.reason()).startsWith("changes/2026-11-23/bad.json in the state of the repository");
        assertThat(ref.find(folder, "folder").orElseThrow().at()).isEqualTo(Instant.parse("2026-11-22T00:00:00Z"));
        assertThat(ref.find(folder, "other")).isEmpty();
    }

    @Test
    void whatWouldNotBeReadBackIsNotWritten() {
        assertThatThrownBy(() -> write(ObjectId.zeroId(), "waves/staging.json", "x".repeat(Json.MAX_STORED_BYTES + 1)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageStartingWith("waves/staging.json in the state is not written, since it ");
    }
}
