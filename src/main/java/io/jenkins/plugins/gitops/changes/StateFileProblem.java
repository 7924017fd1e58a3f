package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.TreeEdit;

/**
 * A file or folder of the state ref that cannot be used: it is damaged, or another program wrote it.
 *
 * @param path the path in the tree of the state, with a character for each byte as in {@link TreeEdit}
 * @param problem what is wrong, as a clause that begins with a verb
 */
public record StateFileProblem(String path, String problem) {

    /** The path and what is wrong with it, a sentence without a full stop. */
    public String clause() {
        return shownPath() + " " + problem;
    }

    private String shownPath() {
        return SingleLine.whole(TreeEdit.shown(path));
    }

    /** A sentence that says what cannot be used, why, and how to repair it. */
    public String sentence() {
        return shownPath() + " in the state of the repository cannot be used: it " + problem
                + ". An administrator puts it right with Repair state under Manage Jenkins, GitOps Waves, or with"
                + " sandbox/gitops repair.";
    }
}
