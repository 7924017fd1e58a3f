package org.jenkinsci.plugins.workflow.graph;

import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.Saveable;
import java.util.List;
import sandbox.RealController;

public abstract class FlowNode extends Actionable implements Saveable {
    public List<? extends BlockStartNode> getEnclosingBlocks() {
        throw RealController.needed();
    }

    @Override
    public <T extends Action> T getAction(Class<T> type) {
        throw RealController.needed();
    }
}
