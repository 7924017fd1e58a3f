package org.jenkinsci.plugins.workflow.steps;

import hudson.FilePath;

/** Implemented. */
public class MissingContextVariableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Class<?> type;

    private final String functionName;

    public MissingContextVariableException(Class<?> type, StepDescriptor d) {
        this.type = type;
        this.functionName = d == null ? null : d.getFunctionName();
    }

    @Override
    public String getMessage() {
        String step = functionName == null ? "" : " for " + functionName;
        String hint = type == FilePath.class ? "\nPerhaps you forgot to surround the step with: node" : "";
        return "Required context " + type + " is missing" + step + hint;
    }
}
