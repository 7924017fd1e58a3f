package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.git.CommitPeople;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.util.RawParseUtils;

/**
 * The author of a commit, which is written again as it was written: JGit itself writes another time zone for {@code
 * -0000}, and an address without its blanks, which git keeps when it picks the commit.
 */
final class VerbatimIdent extends PersonIdent {

    private static final long serialVersionUID = 1L;

    private final String written;

    private VerbatimIdent(PersonIdent parsed, String written) {
        super(parsed.getName(), parsed.getEmailAddress(), parsed.getWhenAsInstant(), parsed.getZoneId());
        this.written = written;
    }

    /** The author of a commit in UTF-8. */
    static PersonIdent authorOf(RevCommit commit) {
        PersonIdent parsed = commit.getAuthorIdent();
        if (parsed == null) {
            return CommitPeople.author(commit);
        }
        byte[] raw = commit.getRawBuffer();
        int begin = RawParseUtils.author(raw, 0);
        int end = RawParseUtils.nextLF(raw, begin) - 1;
        return new VerbatimIdent(parsed, new String(raw, begin, end - begin, StandardCharsets.UTF_8));
    }

    @Override
    public String toExternalString() {
        return written;
    }
}
