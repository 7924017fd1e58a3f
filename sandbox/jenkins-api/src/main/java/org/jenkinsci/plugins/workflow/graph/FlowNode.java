package org.jenkinsci.plugins.workflow.graph;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Actionable;
import hudson.model.Saveable;
import java.io.IOException;
import java.util.List;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import sandbox.RealController;

/** Living: an id and actions, forgotten when the step has ended. */
public abstract class FlowNode extends Actionable implements Saveable {
    private final String id;

    protected FlowNode(FlowExecution exec, String id, FlowNode... parents) {
        this.id = id;
    }

    protected FlowNode(FlowExecution exec, String id, List<FlowNode> parents) {
        this(exec, id);
    }

    protected abstract String getTypeDisplayName();

    public String getId() {
        return id;
    }

    @Override
    public String getDisplayName() {
        return getTypeDisplayName();
    }

    @NonNull
    public FlowExecution getExecution() {
        throw RealController.needed();
    }

    @Override
    public void save() throws IOException {}
}
