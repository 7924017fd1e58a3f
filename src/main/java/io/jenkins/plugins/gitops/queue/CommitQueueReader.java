package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Reads the commits of the auto branch that main does not have, and remembers the recent ones. */
public final class CommitQueueReader {

    private static final int MAX_RECENT = 1000;

    /** The characters of their messages together; that of a change may name thousands of services. */
    private static final int MAX_CHARACTERS = 16 << 20;

    /** After this number of commits that are not main's tip, the reader first checks whether main contains them. */
    private static final int FIRST_CHECK = 32;

    private final Repository git;

    /**
     * Commits that were read or written, so that a queue that continues from them is not read again; least recently used
     * first.
     */
    private final Map<ObjectId, QueuedCommit> recent = new LinkedHashMap<>(16, 0.75f, true);

    private int characters;

    CommitQueueReader(Repository git) {
        this.git = git;
    }

    /** Reads the commits from the tip of main to the tip of the auto branch. */
    public CommitQueue read(ObjectId main, ObjectId auto) throws IOException {
        var commits = new ArrayList<QueuedCommit>();
        ObjectId at = auto;
        for (QueuedCommit known = recent.get(at); !at.equals(main) && known != null; known = recent.get(at)) {
            commits.add(known);
            at = known.parent();
        }
        CommitQueue queue;
        if (at.equals(main) && commits.stream().noneMatch(QueuedCommit::isMerge)) {
            Collections.reverse(commits);
            queue = new CommitQueue(main, auto, commits, true);
        } else {
            queue = readFromClone(main, auto);
        }
        queue.commits().forEach(this::remember);
        return queue;
    }

    private CommitQueue readFromClone(ObjectId main, ObjectId auto) throws IOException {
        try (var walk = new RevWalk(git)) {
            var commits = new ArrayList<QueuedCommit>();
            for (RevCommit commit : missingOnMain(walk, walk.parseCommit(main), walk.parseCommit(auto))) {
                commits.add(QueuedCommit.of(commit));
            }
            Collections.reverse(commits);
            ObjectId base = commits.isEmpty() ? auto : commits.get(0).parent();
            boolean straight = base.equals(main) && commits.stream().noneMatch(QueuedCommit::isMerge);
            return new CommitQueue(main, auto, commits, straight);
        }
    }

    /**
     * The commits that main does not have, newest first, along first parents only: what a merge commit brought in goes
     * with the merge commit. A walk that excludes main's ancestors would rely on the times of commits, and take commits
     * of main for missing ones where a clock was wrong.
     */
    private static List<RevCommit> missingOnMain(RevWalk walk, RevCommit main, RevCommit auto) throws IOException {
        var commits = new ArrayList<RevCommit>();
        RevCommit at = auto;
        while (!at.equals(main)) {
            commits.add(at);
            boolean check = commits.size() >= FIRST_CHECK && Integer.bitCount(commits.size()) == 1;
            boolean root = at.getParentCount() == 0;
            if (check && walk.isMergedInto(at, main) || root) {
                return commits.subList(0, firstOnMain(walk, main, commits));
            }
            at = walk.parseCommit(at.getParent(0));
        }
        return commits;
    }

    /** The index of the newest commit that main contains; it contains all older ones too. */
    private static int firstOnMain(RevWalk walk, RevCommit main, List<RevCommit> commits) throws IOException {
        int missing = 0;
        int onMain = commits.size();
        while (missing < onMain) {
            int middle = (missing + onMain) / 2;
            if (walk.isMergedInto(commits.get(middle), main)) {
                onMain = middle;
            } else {
                missing = middle + 1;
            }
        }
        return onMain;
    }

    void remember(QueuedCommit commit) {
        QueuedCommit before = recent.put(commit.sha(), commit);
        characters += commit.message().length()
                - (before == null ? 0 : before.message().length());
        var eldest = recent.values().iterator();
        while (recent.size() > MAX_RECENT || characters > MAX_CHARACTERS) {
            characters -= eldest.next().message().length();
            eldest.remove();
        }
    }

    /** The tree of a commit, of a remembered one without reading it. */
    ObjectId treeOf(ObjectId commit, ObjectSession objects) throws IOException {
        QueuedCommit known = recent.get(commit);
        return known != null ? known.tree() : objects.treeOf(commit);
    }
}
