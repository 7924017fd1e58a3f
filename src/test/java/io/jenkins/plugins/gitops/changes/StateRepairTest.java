package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.TrustedSigners;
import io.jenkins.plugins.gitops.signing.TrustedSignersFixture;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateRepairTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final PersonIdent WHO = new PersonIdent("GitOps Waves", "waves@example.com", NOON, ZoneOffset.UTC);
    private static final ObjectId MAIN = ObjectId.fromString("2".repeat(40));
    private static final String DECIDED = "changes/2026-11-23/a.json";

    private final InMemoryRepository git = new InMemoryRepository(new DfsRepositoryDescription("state"));
    private final StateRef ref = new StateRef(git, CommitSigner.NONE, true);
    private final StateRepair repair = new StateRepair(git, CommitSigner.NONE, ref, new DecisionHistory(git));

    private ObjectId write(ObjectId state, String path, String content) throws Exception {
        return ref.write(state, Map.of(path, Optional.of(content)), "write", WHO);
    }

    private RevCommit commit(ObjectId id) throws Exception {
        try (var walk = new RevWalk(git)) {
            RevCommit commit = walk.parseCommit(id);
            walk.parseBody(commit);
            return commit;
        }
    }

    private List<String> problems(ObjectId state) throws Exception {
        return repair.problems(state, 10).stream().map(StateFileProblem::clause).toList();
    }

    private String text(ObjectId state, String path) throws Exception {
        return new String(ref.file(state, path).orElseThrow(), StandardCharsets.UTF_8);
    }

    @Test
    void eachFileThatCannotBeUsedIsAgainAsItWasLast() throws Exception {
        ObjectId state = ref.record(
                ObjectId.zeroId(), List.of(StateRefTest.decided("a", NOON)), Optional.of(MAIN), "Merge", WHO);
        state = write(state, "waves/staging.json", "{}");
        state = write(state, "waves/production/shop.json", "{}");
        state = write(state, "rejected.json", "{\"images\":[]}");
        ObjectId good = state;
        String decided = text(good, DECIDED);
        assertThat(problems(good)).isEmpty();

        ObjectId bad = good;
        for (String path :
                List.of(DECIDED, "waves/staging.json", "waves/production/shop.json", "main.json", "rejected.json")) {
            bad = write(bad, path, "[");
        }
        bad = write(write(bad, "waves/other.json", "{"), DECIDED, "[[");
        assertThat(problems(bad))
                .extracting(problem -> problem.replaceFirst(" .*", ""))
                .containsExactly(
                        "waves/other.json",
                        "waves/production/shop.json",
                        "waves/staging.json",
                        "main.json",
                        "rejected.json",
                        DECIDED);
        assertThat(repair.problems(bad, 0)).as("no decision is read").hasSize(5);

        ObjectId repaired = repair.repair(bad, repair.problems(bad, 10), "ann", WHO);
        assertThat(problems(repaired)).isEmpty();
        assertThat(text(repaired, DECIDED)).isEqualTo(decided);
        assertThat(ref.file(repaired, "waves/other.json")).isEmpty();
        assertThat(ref.mergedMain(repaired)).contains(MAIN);
        RevCommit commit = commit(repaired);
        assertThat(commit.getParent(0)).isEqualTo(bad);
        assertThat(commit.getAuthorIdent()).isEqualTo(WHO);
        assertThat(commit.getCommitterIdent()).isEqualTo(WHO);
        assertThat(commit.getFullMessage())
                .startsWith("The state is repaired\n\nwaves/other.json ")
                .contains(": removed\nwaves/production/shop.json ", ": it is again as in " + good.name() + "\n")
                .endsWith("\nWhat was there stays in " + bad.name() + ".\nBy: ann\n");
    }

    @Test
    void whatLiesInPlaceOfAFolderGivesWayToIt() throws Exception {
        ObjectId good = ref.record(ObjectId.zeroId(), List.of(StateRefTest.decided("a", NOON)), "Merge", WHO);
        good = write(good, "waves/production/shop.json", "{}");
        ObjectId bad = write(good, "changes/2026-11-23", "words");
        bad = write(bad, "waves/production", "words");
        bad = write(bad, "rejected", "words");
        assertThat(problems(bad))
                .containsExactly(
                        "changes/2026-11-23 is not a folder",
                        "waves/production is not a folder",
                        "rejected is not a folder");
        ObjectId worse = write(write(bad, "changes", "words"), "waves", "words");
        assertThat(problems(worse))
                .containsExactly("changes is not a folder", "waves is not a folder", "rejected is not a folder");

        ObjectId repaired = repair.repair(worse, repair.problems(worse, 10), "ann", WHO);
        repaired = repair.repair(repaired, repair.problems(repaired, 10), "ann", WHO);
        assertThat(problems(repaired)).isEmpty();
        assertThat(ref.file(repaired, DECIDED)).isPresent();
        assertThat(ref.file(repaired, "waves/production/shop.json")).isPresent();
        assertThat(ref.file(repaired, "rejected")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "waves/\u00e4.json, [",
        "waves/\u00e4/b.json, [",
        "waves/\u4e2d, [",
        "changes/2026-11-23/\u00f6.json, [",
        "changes/2026-11-23/notes, words",
        "changes/2026-11-23/folder/x, words",
        "changes/copy.json, DECIDED",
        "rejected/\u00e4, words",
        "rejected/old.json, {\"images\": []}",
    })
    void whateverItsNameIsWhatOthersPutThereIsGoneAfterOneRepair(String path, String content) throws Exception {
        ObjectId good = ref.record(ObjectId.zeroId(), List.of(StateRefTest.decided("a", NOON)), "Merge", WHO);
        ObjectId bad = write(good, path, content.equals("DECIDED") ? text(good, DECIDED) : content);
        // Its history has it too, and where it is a folder, in another form.
        bad = write(bad, path + "2".repeat(path.contains("/folder/") ? 1 : 0), content + " ");
        bad = write(bad, "unknown", "");
        assertThat(problems(bad)).singleElement().asString().startsWith(path.replaceFirst("/x$", ""));

        ObjectId repaired = repair.repair(bad, repair.problems(bad, 10), "ann", WHO);

        assertThat(problems(repaired)).isEmpty();
        assertThat(text(repaired, DECIDED)).isEqualTo(text(good, DECIDED));
    }

    @Test
    void aNameThatIsNoTextIsRepairedByItsBytes() throws Exception {
        ObjectId good = write(ObjectId.zeroId(), "waves/staging.json", "{}");
        String path = "waves/caf\u00e9.json";
        ObjectId bad;
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader()) {
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, "[".getBytes(StandardCharsets.UTF_8));
            var entry = new TreeEdit.Entry(FileMode.REGULAR_FILE, blob);
            var builder = new CommitBuilder();
            builder.setTreeId(
                    new TreeEdit(reader, inserter).replace(commit(good).getTree(), path, Optional.of(entry)));
            builder.setParentId(good);
            builder.setAuthor(WHO);
            builder.setCommitter(WHO);
            bad = inserter.insert(builder);
            inserter.flush();
        }
        assertThat(problems(bad)).hasSize(1);

        ObjectId repaired = repair.repair(bad, repair.problems(bad, 10), "ann", WHO);

        assertThat(problems(repaired)).isEmpty();
        assertThat(commit(repaired).getTree()).isEqualTo(commit(good).getTree());
    }

    @Test
    void aStateOfWhichNoCommitIsTrustedIsAcceptedAsItIs() throws Exception {
        ObjectId state = write(write(ObjectId.zeroId(), "main.json", "{}"), "main.json", "[]");
        StateRepair.Restored first = repair.restoreTrusted(state, TrustedSigners.everybody(), "ann", WHO);
        assertThat(commit(first.tip()).getTree())
                .isEqualTo(commit(commit(state).getParent(0)).getTree());
        assertThat(first.sentence())
                .isEqualTo("the state is again as in "
                        + commit(state).getParent(0).name() + ", the last commit of one of the trustedSigners");
        assertThat(commit(first.tip()).getFullMessage()).startsWith("Not trusted: " + first.sentence() + "\n");

        StateRepair.Restored none = repair.restoreTrusted(state, TrustedSignersFixture.somebody(), "ann", WHO);
        assertThat(commit(none.tip()).getTree()).isEqualTo(commit(state).getTree());
        assertThat(none.sentence()).startsWith("the state is accepted as it is");
        assertThat(commit(none.tip()).getParent(0)).isEqualTo(state);
    }
}
