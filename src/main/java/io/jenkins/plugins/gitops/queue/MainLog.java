package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * What the recent commits of main say of themselves: which change is where, and who wrote what last. Read once when
 * the driver starts and then only what is new on main.
 */
public final class MainLog {

    /** How far back it reads: far more than may be under way, and some hundred milliseconds. */
    private static final int MAX_COMMITS = 20_000;

    private final Map<String, ObjectId> commits = new HashMap<>();
    private ServiceWriteLog writers = new ServiceWriteLog();
    private ObjectId tip = ObjectId.zeroId();

    /** Reads on to a new tip of main. */
    void readTo(Repository git, ObjectId main) throws IOException {
        if (main.equals(tip)) {
            return;
        }
        try (var walk = new RevWalk(git)) {
            RevCommit newTip = walk.parseCommit(main);
            if (!tip.equals(ObjectId.zeroId())) {
                RevCommit oldTip = walk.parseCommit(tip);
                if (walk.isMergedInto(oldTip, newTip)) {
                    walk.reset();
                    walk.markUninteresting(oldTip);
                } else {
                    commits.clear();
                    writers = new ServiceWriteLog();
                    walk.reset();
                }
            }
            walk.markStart(newTip);
            var newest = new ArrayList<RevCommit>();
            for (RevCommit commit : walk) {
                newest.add(commit);
                if (newest.size() == MAX_COMMITS) {
                    break;
                }
            }
            add(newest);
        }
        tip = main.copy();
    }

    private void add(List<RevCommit> newestFirst) {
        Collections.reverse(newestFirst);
        for (RevCommit commit : newestFirst) {
            ChangeTrailers.read(commit.getFullMessage()).ifPresent(change -> {
                commits.put(change.id(), commit.copy());
                writers.add(change, commit.getAuthorIdent().getWhenAsInstant());
            });
        }
    }

    /** The commit on main that is a change. */
    public Optional<ObjectId> find(String change) {
        return Optional.ofNullable(commits.get(change));
    }

    /** The change that a commit on main is. */
    public Optional<String> changeAt(ObjectId commit) {
        return commits.entrySet().stream()
                .filter(entry -> entry.getValue().equals(commit))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    ServiceWriteLog writers() {
        return writers;
    }
}
