package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.CommitPeople;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * A commit on the auto branch that main does not have.
 *
 * @param trailers the trailers of the change; empty for a hand-made commit
 * @param subject the first line, as a single line for people
 * @param parents the number of parents; a commit with several cannot be replayed
 * @param committed the date of the committer: when the commit was written on this parent
 */
public record QueuedCommit(
        ObjectId sha,
        ObjectId parent,
        ObjectId tree,
        int parents,
        String subject,
        String message,
        PersonIdent author,
        Instant committed,
        Optional<ChangeTrailers> trailers) {

    /** Blank lines at the beginning of a message, which git leaves out when it picks a commit; a NUL ends it for git. */
    private static final Pattern LEADING_BLANK_LINES = Pattern.compile("^(?:[ \\t\\n\\x0b\\f\\r]*\\n)?");

    /** Reads a commit: author and message are what git writes when it picks the commit. */
    public static QueuedCommit of(RevCommit commit) {
        RevCommit text = CommitEncoding.toUtf8(commit);
        String whole = text.getFullMessage();
        String asRead = whole.indexOf('\0') < 0 ? whole : whole.substring(0, whole.indexOf('\0'));
        String message = LEADING_BLANK_LINES.matcher(asRead).replaceFirst("");
        return new QueuedCommit(
                commit.copy(),
                commit.getParentCount() == 0
                        ? ObjectId.zeroId()
                        : commit.getParent(0).copy(),
                commit.getTree().copy(),
                commit.getParentCount(),
                subject(message),
                message,
                VerbatimIdent.authorOf(text),
                CommitPeople.committer(commit).getWhenAsInstant(),
                ChangeTrailers.read(message));
    }

    /** The first paragraph. */
    private static String subject(String message) {
        return SingleLine.whole(
                message.lines().takeWhile(line -> !line.isBlank()).collect(Collectors.joining(" ")));
    }

    public boolean isMerge() {
        return parents > 1;
    }

    /** The id of the change; that of a hand-made commit is its SHA. */
    public String id() {
        return trailers.map(ChangeTrailers::id).orElse(sha.name());
    }
}
