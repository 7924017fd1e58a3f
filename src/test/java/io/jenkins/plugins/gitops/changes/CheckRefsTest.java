package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckReportLog;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
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
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.notes.NoteMap;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.Test;

/** What is written into git of checks: what was reported, and why main was moved. */
class CheckRefsTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final PersonIdent WHO = new PersonIdent("GitOps Waves", "waves@example.com", NOON, ZoneOffset.UTC);

    private final InMemoryRepository git = new InMemoryRepository(new DfsRepositoryDescription("checks"));

    private ObjectId write(String path, String content) throws Exception {
        return new StateRef(git, CommitSigner.NONE, true)
                .write(ObjectId.zeroId(), Map.of(path, Optional.of(content)), "write", WHO);
    }

    private RevCommit commit(ObjectId id) throws Exception {
        try (var walk = new RevWalk(git)) {
            return walk.parseCommit(id);
        }
    }

    private static CheckReportLog reports() {
        return CheckReportLog.none()
                .with(new CheckReport(
                        "1".repeat(40),
                        new CheckStatus(
                                "ci",
                                CheckState.SUCCESS,
                                Optional.of("https://ci.example.com/7"),
                                Optional.empty(),
                                NOON,
                                7),
                        "acme/ci"));
    }

    @Test
    void reportedChecksLieInAFileOfACommit() throws Exception {
        var refs = new CheckRefs(git, CommitSigner.NONE, TrustedSigners.everybody());
        ObjectId target = refs.write(reports(), WHO);
        assertThat(refs.read(target).toJson()).isEqualTo(reports().toJson());
        assertThat(refs.problem(target)).isEmpty();
        RevCommit commit = commit(target);
        assertThat(commit.getParentCount()).isZero();
        assertThat(commit.getFullMessage()).isEqualTo("Reported checks\n");
        assertThat(commit.getAuthorIdent()).isEqualTo(WHO);
        assertThat(commit.getCommitterIdent()).isEqualTo(WHO);

        ObjectId other = write("main.json", "{}");
        assertThat(refs.problem(other)).contains("has no file checks.json");
        ObjectId bad = write("checks.json", "[]");
        assertThat(refs.problem(bad)).contains("is not a JSON object");
        assertThat(refs.read(bad).results()).isEmpty();
        try (ObjectInserter inserter = git.newObjectInserter()) {
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, new byte[0]);
            inserter.flush();
            assertThat(refs.problem(blob)).contains("does not point to a commit");
        }
        var strict = new CheckRefs(git, CommitSigner.NONE, TrustedSignersFixture.somebody());
        assertThat(strict.problem(target).orElseThrow()).startsWith("does not count: ");
        assertThat(strict.read(target).results()).isEmpty();
    }

    @Test
    void aNoteSaysWhyACommitWasGreen() throws Exception {
        var notes = new MergeNotes(git, CommitSigner.NONE);
        ObjectId green = ObjectId.fromString("1".repeat(40));
        ObjectId later = ObjectId.fromString("2".repeat(40));
        var reported = reports().results().get(0).status();
        var other = new CheckStatus("schema", CheckState.SKIPPED, NOON, 1);
        ObjectId first = notes.add(
                ObjectId.zeroId(), green, List.of(reported, other), reports(), "https://jenkins.example.com/", WHO);
        ObjectId second = notes.add(first, later, List.of(), CheckReportLog.none(), "b", WHO);

        assertThat(notes.has(ObjectId.zeroId(), green)).isFalse();
        assertThat(notes.has(first, green)).isTrue();
        assertThat(notes.has(first, later)).isFalse();
        assertThat(notes.has(second, green)).isTrue();
        assertThat(notes.has(second, later)).isTrue();
        assertThat(commit(first).getParentCount()).isZero();
        assertThat(commit(second).getParent(0)).isEqualTo(first);
        assertThat(commit(second).getFullMessage()).isEqualTo("Evidence for " + later.name() + "\n");
        assertThat(commit(second).getAuthorIdent()).isEqualTo(WHO);
        assertThat(commit(second).getCommitterIdent()).isEqualTo(WHO);
        try (var reader = git.newObjectReader()) {
            ObjectId note = NoteMap.read(reader, commit(second)).get(green);
            assertThat(new String(reader.open(note).getBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("""
                            Check: ci success https://ci.example.com/7 (reported by acme/ci #7)
                            Check: schema skipped
                            Merged-By: https://jenkins.example.com/
                            Merged-At: 2026-11-23T12:00:00Z
                            """);
        }
    }
}
