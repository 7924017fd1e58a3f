package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.generation.GenerationRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Finds out what has to be generated for a change, and whether the change is the culprit when that fails: it is, if what
 * is below it can be generated.
 */
final class GenerationCulpritFinder {

    private final GeneratedTrees generated;
    private final Replay replay;

    /**
     * What was found.
     *
     * @param wanted the trees to generate
     * @param culprit why the change cannot be generated, if it is the culprit
     */
    record Finding(List<GenerationRequest> wanted, Optional<String> culprit) {}

    GenerationCulpritFinder(GeneratedTrees generated, Replay replay) {
        this.generated = generated;
        this.replay = replay;
    }

    /** Describes what is below a change, for people. */
    static String name(ObjectId tip, ObjectId main) {
        return (tip.equals(main) ? "main itself, " : "what is below it, ") + CommitSha.abbreviate(tip);
    }

    /**
     * Judges a change whose generated files are not known.
     *
     * @param outdated a tree with generated files from before
     * @param base the tree below the change
     * @param name the name of that for people
     */
    Finding find(Replay.Result.Ungenerated change, ObjectId outdated, ObjectId base, String name) throws IOException {
        var tree = new GenerationRequest(change.tree(), outdated, "");
        if (change.failure().isEmpty()) {
            return new Finding(List.of(tree), Optional.empty());
        }
        ObjectId input = replay.inputs(base);
        if (generated.find(input).orElse(null) instanceof GeneratedTrees.Answer.Complete) {
            return new Finding(
                    List.of(),
                    Optional.of(
                            "the generator fails for it: " + change.failure().get()));
        }
        var wanted = new ArrayList<GenerationRequest>();
        wanted.add(new GenerationRequest(input, base, name));
        wanted.add(tree);
        return new Finding(wanted, Optional.empty());
    }
}
