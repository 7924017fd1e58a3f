package org.jenkinsci.plugins.workflow.support.actions;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.InvisibleAction;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.actions.PersistentAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Living: that a node waits. */
public class PauseAction extends InvisibleAction implements PersistentAction {
    private boolean paused = true;

    public PauseAction(String cause) {}

    public boolean isPaused() {
        return paused;
    }

    @CheckForNull
    public static PauseAction getCurrentPause(@NonNull FlowNode node) {
        return node.getActions(PauseAction.class).stream()
                .filter(PauseAction::isPaused)
                .findFirst()
                .orElse(null);
    }

    public static void endCurrentPause(@NonNull FlowNode node) throws IOException {
        PauseAction current = getCurrentPause(node);
        if (current == null) {
            throw new IllegalStateException("‘FlowNode #" + node.getId() + " is not paused");
        }
        current.paused = false;
    }

    public static boolean isPaused(@NonNull FlowNode node) {
        return getCurrentPause(node) != null;
    }
}
