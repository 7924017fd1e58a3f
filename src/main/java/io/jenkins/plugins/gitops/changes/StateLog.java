package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.CommitPeople;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Reads the commits of the state ref as an audit log. Commits that were read once are not read again.
 *
 * <p>Used by one thread at a time.
 */
public final class StateLog {

    /** The trailer of commits that are no decisions about changes; decisions are in the history anyway. */
    public static final String WRITTEN_BY = "Written by: ";

    /** The number of commits that are read at once. */
    private static final int MAX_COMMITS = 2000;

    private static final int MAX_EVENTS = 200;

    private final Repository git;
    private ObjectId last = ObjectId.zeroId();
    private List<StateEvent> known = List.of();

    public StateLog(Repository git) {
        this.git = git;
    }

    /** The newest events up to a commit of the state ref, the newest first. */
    public List<StateEvent> upTo(ObjectId state) throws IOException {
        if (!state.equals(last)) {
            known = read(state);
            last = state.copy();
        }
        return known;
    }

    private List<StateEvent> read(ObjectId state) throws IOException {
        var events = new ArrayList<StateEvent>();
        ObjectId at = state;
        boolean reachedLast = false;
        try (var walk = new RevWalk(git)) {
            for (int read = 0; read < MAX_COMMITS && events.size() < MAX_EVENTS; read++) {
                reachedLast = at.equals(last);
                if (reachedLast || at.equals(ObjectId.zeroId())) {
                    break;
                }
                RevCommit commit = walk.parseCommit(at);
                event(commit).ifPresent(events::add);
                at = commit.getParentCount() == 0 ? ObjectId.zeroId() : commit.getParent(0);
            }
        } catch (MissingObjectException e) {
            // A clone may lack old commits of the state; what was read so far is the newest part.
            return events;
        }
        if (reachedLast) {
            events.addAll(known);
        }
        return List.copyOf(events.subList(0, Math.min(MAX_EVENTS, events.size())));
    }

    private static Optional<StateEvent> event(RevCommit commit) {
        String message = commit.getFullMessage();
        if (!message.contains("\n" + WRITTEN_BY)) {
            return Optional.empty();
        }
        String until = value(message, "Until: ");
        return Optional.of(new StateEvent(
                commit.name(),
                CommitPeople.committer(commit).getWhenAsInstant(),
                SingleLine.of(commit.getShortMessage()
                        + (until.isEmpty() || until.equals("released") ? "" : " until " + until)),
                SingleLine.of(value(message, "By: ")),
                SingleLine.of(value(message, "Why: "))));
    }

    private static String value(String message, String name) {
        return message.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("");
    }
}
