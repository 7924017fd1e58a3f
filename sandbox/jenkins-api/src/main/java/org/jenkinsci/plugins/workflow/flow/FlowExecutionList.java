package org.jenkinsci.plugins.workflow.flow;

public class FlowExecutionList {
    private static final FlowExecutionList LIST = new FlowExecutionList();

    public static FlowExecutionList get() {
        return LIST;
    }

    public boolean isResumptionComplete() {
        return true;
    }
}
