package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/** Living. */
public class MissingContextVariableException extends Exception {
    private static final long serialVersionUID = 1L;

    @NonNull
    private final Class<?> type;

    private final String functionName;

    public MissingContextVariableException(@NonNull Class<?> type, @CheckForNull StepDescriptor d) {
        this.type = type;
        this.functionName = d == null ? null : d.getFunctionName();
    }

    public Class<?> getType() {
        return type;
    }

    @Override
    public String getMessage() {
        return "Required context " + type + " is missing" + (functionName == null ? "" : " for " + functionName)
                + (type.getName().equals("hudson.FilePath") ? "\nPerhaps you forgot to surround the step with: node" : "");
    }
}
