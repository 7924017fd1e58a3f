package io.jenkins.plugins.gitops.git;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/** Who made a commit, and when: somebody at the epoch, if it does not say so in a way that can be read. */
public final class CommitPeople {

    private static final PersonIdent SOMEBODY = new PersonIdent("somebody", "", Instant.EPOCH, ZoneOffset.UTC);

    private CommitPeople() {}

    /** The author; the committer if no author can be read. */
    public static PersonIdent author(RevCommit commit) {
        return Objects.requireNonNullElseGet(commit.getAuthorIdent(), () -> committer(commit));
    }

    /** The committer; somebody at the epoch if none can be read. */
    public static PersonIdent committer(RevCommit commit) {
        return Objects.requireNonNullElse(commit.getCommitterIdent(), SOMEBODY);
    }
}
