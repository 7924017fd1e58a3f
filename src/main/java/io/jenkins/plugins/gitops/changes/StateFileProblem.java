package io.jenkins.plugins.gitops.changes;

/**
 * A file or folder of the state ref that cannot be used: it is damaged, or another program wrote it.
 *
 * @param path the path in the tree of the state
 * @param problem what is wrong, as a clause that begins with a verb
 */
public record StateFileProblem(String path, String problem) {

    /** A sentence that says what cannot be used, why, and how to repair it. */
    public String sentence() {
        return path + " in the state of the repository cannot be used: it " + problem
                + ". An administrator puts it right with Repair state under Manage Jenkins, GitOps Waves, or with"
                + " sandbox/gitops repair.";
    }
}
