package io.jenkins.plugins.gitops.generation;

import org.eclipse.jgit.lib.ObjectId;

/**
 * A tree whose generated files have to be made before something can be pushed.
 *
 * @param input the tree without generated files
 * @param outdated a tree with the generated files that are replaced
 * @param purpose what it is wanted for, such as {@code commit 3 of 5}
 */
public record GenerationRequest(ObjectId input, ObjectId outdated, String purpose) {

    /** The same tree for something else. */
    public GenerationRequest forPurpose(String other) {
        return new GenerationRequest(input, outdated, other);
    }
}
