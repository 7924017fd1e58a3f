package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.queue.AppendResult;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The result of a change that was submitted to the driver.
 *
 * @param id the id of the change whose end decides: its own, or that of the change to which it is attached
 * @param sha the commit of that change; the tip of main if there is none
 * @param takesAlong the commits below it in the queue, which are merged before it or with it, a line for people each
 */
public record SubmittedChange(State state, String id, String sha, List<String> takesAlong) {

    private static final int MAX_LINES = 20;

    public SubmittedChange {
        takesAlong = List.copyOf(takesAlong);
    }

    /** A change that takes no other commits along. */
    public SubmittedChange(State state, String id, String sha) {
        this(state, id, sha, List.of());
    }

    /** A change that is queued on other commits. */
    public static SubmittedChange queued(QueuedCommit change, List<QueuedCommit> below) {
        var lines = new ArrayList<String>();
        below.stream().limit(MAX_LINES).map(SubmittedChange::described).forEach(lines::add);
        if (below.size() > MAX_LINES) {
            lines.add("and " + (below.size() - MAX_LINES) + " more");
        }
        return new SubmittedChange(State.COMMITTED, change.id(), change.sha().name(), lines);
    }

    private static String described(QueuedCommit commit) {
        return CommitSha.abbreviate(commit.sha()) + " \"" + SingleLine.excerpt(commit.subject()) + "\" by "
                + SingleLine.excerpt(commit.author().getName());
    }

    /** The outcome of the change. */
    public enum State {
        /** It is a commit of the auto branch, or was and is decided. */
        COMMITTED,
        /** A queued change has the same content. */
        ATTACHED,
        /** Main has the same content. */
        UNCHANGED,
        /** A later build of the same job has written all of it, or a newer set took its place. */
        SUPERSEDED,
        /** The same happened after it was committed, so that it has ended as a queued change. */
        SUPERSEDED_IN_QUEUE
    }

    /** The result of a change that was not committed. */
    public static SubmittedChange notCommitted(String id, AppendResult.NotNeeded result, ObjectId main) {
        if (result instanceof AppendResult.Attached attached) {
            return new SubmittedChange(
                    State.ATTACHED, attached.to().id(), attached.to().sha().name());
        }
        State state = result instanceof AppendResult.Unchanged ? State.UNCHANGED : State.SUPERSEDED;
        return new SubmittedChange(state, id, main.name());
    }

    /** Whether there is a queued or decided change whose end can be awaited. */
    public boolean changed() {
        return switch (state) {
            case COMMITTED, ATTACHED, SUPERSEDED_IN_QUEUE -> true;
            case UNCHANGED, SUPERSEDED -> false;
        };
    }

    /** Whether something newer took the place of the change. */
    public boolean superseded() {
        return state == State.SUPERSEDED || state == State.SUPERSEDED_IN_QUEUE;
    }
}
