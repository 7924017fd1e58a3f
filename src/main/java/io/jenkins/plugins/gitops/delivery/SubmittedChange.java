package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.queue.AppendResult;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The result of a change that was submitted to the driver.
 *
 * @param id the id of the change whose end decides: its own, or that of the change to which it is attached
 * @param sha the commit of that change; the tip of main if there is none
 */
public record SubmittedChange(State state, String id, String sha) {

    /** What became of the change. */
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
