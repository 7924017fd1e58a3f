package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.generation.GenerationRequest;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The queue after its commits were replayed, as far as that is possible now.
 *
 * @param tip the last commit that stays, or main's tip
 * @param kept the commits that stay, in their new place, oldest first
 * @param dropped the changes that ended on the way, oldest first
 * @param wanted the trees that have to be generated first, in this order; none if the queue is complete
 */
public record ReplayResult(
        ObjectId tip, List<QueuedCommit> kept, List<Dropped> dropped, List<GenerationRequest> wanted) {

    /** Whether nothing of the queue is to be generated yet, so that it can be pushed. */
    public boolean isComplete() {
        return wanted.isEmpty();
    }

    /** A change that ended by a replay. */
    public sealed interface Dropped {

        /** Its commit before the replay. */
        QueuedCommit commit();

        /** Why it ended, a sentence without a full stop. */
        String reason();

        /** How it ended. */
        Outcome outcome();
    }

    /** The change conflicts with the new base. */
    public record Conflicting(QueuedCommit commit, String reason) implements Dropped {
        @Override
        public Outcome outcome() {
            return Outcome.EVICTED;
        }
    }

    /** The generator fails for the change, and not for what is below it. */
    public record Ungenerable(QueuedCommit commit, String reason) implements Dropped {
        @Override
        public Outcome outcome() {
            return Outcome.EVICTED;
        }
    }

    /** The commit is not signed by anybody whose commits count. */
    public record Untrusted(QueuedCommit commit, String reason) implements Dropped {
        @Override
        public Outcome outcome() {
            return Outcome.EVICTED;
        }
    }

    /** A newer change of the same job or previous wave replaces the change. */
    public record Superseded(QueuedCommit commit, String reason) implements Dropped {
        @Override
        public Outcome outcome() {
            return Outcome.SUPERSEDED;
        }
    }

    /**
     * Main has the content of the change already.
     *
     * @param by the commit on main with that content
     */
    public record Satisfied(QueuedCommit commit, ObjectId by, String reason) implements Dropped {

        @Override
        public Outcome outcome() {
            return Outcome.SATISFIED;
        }
    }

    public ReplayResult {
        kept = List.copyOf(kept);
        dropped = List.copyOf(dropped);
        wanted = List.copyOf(wanted);
    }
}
