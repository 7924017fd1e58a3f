package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.ci.CheckReportLog;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.notes.NoteMap;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * The git notes with the checks for which each commit was green when main was moved to it:
 * {@code git log --notes=gitops-waves}.
 */
public final class MergeNotes {

    private final Repository git;
    private final CommitSigner signer;

    public MergeNotes(Repository git, CommitSigner signer) {
        this.git = git;
        this.signer = signer;
    }

    /**
     * Writes the note of a commit.
     *
     * @param notes the tip of the notes, {@link ObjectId#zeroId()} if there are none yet
     * @param reports those of the commit, which tell who reported a check
     * @return the new tip of the notes
     */
    public ObjectId add(
            ObjectId notes,
            ObjectId commit,
            List<CheckStatus> checks,
            CheckReportLog reports,
            String mergedBy,
            PersonIdent who)
            throws IOException {
        try (ObjectInserter inserter = git.newObjectInserter();
                ObjectReader reader = inserter.newReader();
                RevWalk walk = new RevWalk(reader)) {
            boolean first = notes.equals(ObjectId.zeroId());
            NoteMap map = first ? NoteMap.newEmptyMap() : NoteMap.read(reader, walk.parseCommit(notes));
            map.set(commit, text(checks, reports, mergedBy, who.getWhenAsInstant()), inserter);
            var builder = new CommitBuilder();
            builder.setTreeId(map.writeTree(inserter));
            if (!first) {
                builder.setParentId(notes);
            }
            builder.setAuthor(who);
            builder.setCommitter(who);
            builder.setMessage("Evidence for " + commit.name() + "\n");
            ObjectId tip = signer.insert(inserter, builder);
            inserter.flush();
            return tip;
        }
    }

    private static String text(List<CheckStatus> checks, CheckReportLog reports, String mergedBy, Instant at) {
        var text = new StringBuilder();
        for (CheckStatus check : checks) {
            text.append("Check: ").append(check.context()).append(' ').append(check.state());
            check.url().ifPresent(url -> text.append(' ').append(SingleLine.of(url)));
            reports.reporterOf(check)
                    .ifPresent(reporter -> text.append(" (reported by ")
                            .append(SingleLine.of(reporter))
                            .append(')'));
            text.append('\n');
        }
        return text.append("Merged-By: ")
                .append(mergedBy)
                .append("\nMerged-At: ")
                .append(at)
                .append('\n')
                .toString();
    }

    /** Whether a commit has such a note: main was moved to it when it was green. */
    public boolean has(ObjectId notes, ObjectId commit) throws IOException {
        if (notes.equals(ObjectId.zeroId())) {
            return false;
        }
        try (ObjectReader reader = git.newObjectReader();
                RevWalk walk = new RevWalk(reader)) {
            return NoteMap.read(reader, walk.parseCommit(notes)).contains(commit);
        }
    }
}
