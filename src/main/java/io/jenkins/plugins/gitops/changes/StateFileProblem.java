package io.jenkins.plugins.gitops.changes;

/**
 * A file or folder of the state ref that cannot be used: somebody wrote it, or it is damaged.
 *
 * @param path where it lies in the state's tree
 * @param problem what is wrong with it, beginning with a verb
 */
public record StateFileProblem(String path, String problem) {

    /** Says what cannot be used, why, and how it is put right. */
    public String sentence() {
        return path + " in the state of the repository cannot be used: it " + problem
                + ". An administrator puts it right with Repair state under Manage Jenkins, GitOps Waves, or with"
                + " sandbox/gitops repair.";
    }
}
