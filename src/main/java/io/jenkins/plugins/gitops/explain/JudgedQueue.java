package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.queue.MergePolicy;
import io.jenkins.plugins.gitops.queue.QueueVerdicts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One reading of a repository's queue, for explanations: the verdicts, together with the snapshot they are of and what
 * is decided from them. {@link QueueVerdicts} is the verdicts alone, from which the decision is made.
 *
 * @param main whether main's own tip is green, as far as that is known
 * @param mainRefusal the server's words, if it would not let main be moved
 * @param generating what has to be generated before the auto branch can be rewritten, in a sentence
 * @param generatorProblems what is wrong with the generator, a sentence each
 */
public record JudgedQueue(
        RefSnapshot refs,
        CommitQueue queue,
        QueueVerdicts verdicts,
        MergePolicy.Decision decision,
        Verdict.Color main,
        Optional<String> mainRefusal,
        Optional<String> generating,
        List<String> generatorProblems,
        Instant at) {

    /** A queue of which nothing has to be generated. */
    public JudgedQueue(
            RefSnapshot refs,
            CommitQueue queue,
            QueueVerdicts verdicts,
            MergePolicy.Decision decision,
            Verdict.Color main,
            Optional<String> mainRefusal,
            Instant at) {
        this(refs, queue, verdicts, decision, main, mainRefusal, Optional.empty(), List.of(), at);
    }

    /** The same queue while something has to be generated. */
    public JudgedQueue generating(Optional<String> what, List<String> problems) {
        return new JudgedQueue(refs, queue, verdicts, decision, main, mainRefusal, what, problems, at);
    }
}
