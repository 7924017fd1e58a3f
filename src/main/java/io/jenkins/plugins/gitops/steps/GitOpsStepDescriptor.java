package io.jenkins.plugins.gitops.steps;

import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** What the steps of this plugin have in common when a Jenkinsfile calls them. */
abstract class GitOpsStepDescriptor extends StepDescriptor {

    /**
     * Binds the arguments, and ends the build with one sentence when they do not fit. Pipeline itself only warns of
     * parameters it does not know, and a misspelt {@code replace} must not write the wrong thing.
     */
    @Override
    public Step newInstance(Map<String, Object> arguments) throws Exception {
        Set<String> known = new TreeSet<>();
        for (DescribableParameter parameter : new DescribableModel<>(clazz).getParameters()) {
            known.add(parameter.getName());
        }
        for (String given : arguments.keySet()) {
            if (!known.contains(given)) {
                throw new AbortException(
                        getFunctionName() + (given.isEmpty() ? " takes named parameters only" : " has no parameter \"" + given + "\"")
                                + "; it takes: " + String.join(", ", known) + ".");
            }
        }
        try {
            return super.newInstance(arguments);
        } catch (IllegalArgumentException e) {
            throw new AbortException(getFunctionName() + " was given a value of the wrong kind; texts are quoted, "
                    + "switches are true or false: " + e.getMessage());
        }
    }

    @Override
    public Set<? extends Class<?>> getRequiredContext() {
        return Set.of(Run.class, TaskListener.class);
    }
}
