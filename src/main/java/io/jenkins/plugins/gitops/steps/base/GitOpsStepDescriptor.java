package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.structs.describable.DescribableParameter;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** The base of the step descriptors: checks the arguments, and requires a build and its log. */
public abstract class GitOpsStepDescriptor extends StepDescriptor {

    /**
     * Binds the arguments.
     *
     * @throws AbortException with a sentence, if a parameter is unknown or has a wrong type. Pipeline itself only warns
     *     of unknown parameters; a misspelt {@code replace} would then write other images than intended.
     */
    @Override
    public Step newInstance(Map<String, Object> arguments) throws Exception {
        Map<String, Class<?>> known = new TreeMap<>();
        for (DescribableParameter parameter : new DescribableModel<>(clazz).getParameters()) {
            known.put(parameter.getName(), parameter.getErasedType());
        }
        for (Map.Entry<String, Object> given : arguments.entrySet()) {
            Class<?> type = known.get(given.getKey());
            if (type == null) {
                throw new AbortException(getFunctionName() + " has no parameter \"" + given.getKey() + "\"; it takes: "
                        + String.join(", ", known.keySet()) + ".");
            }
            if (!fits(type, given.getValue())) {
                throw new AbortException(getFunctionName() + " takes " + given.getKey() + ": as "
                        + (type == boolean.class
                                ? "true or false"
                                : type == int.class
                                        ? "a whole number"
                                        : type == List.class ? "a list of texts" : "a text in quotes")
                        + ", not as "
                        + StepArguments.kind(given.getValue()) + ".");
            }
        }
        return super.newInstance(arguments);
    }

    private static boolean fits(Class<?> type, @CheckForNull Object value) {
        if (value == null || type == Object.class) {
            return true;
        }
        if (type == List.class) {
            return value instanceof Collection<?> many && many.stream().allMatch(CharSequence.class::isInstance);
        }
        return type == boolean.class
                ? value instanceof Boolean
                : type == int.class ? value instanceof Integer : value instanceof CharSequence;
    }

    /**
     * The value of {@code takesImplicitBlockArgument} for a step that takes a block or not, which Pipeline does not
     * provide for. Pipeline calls that method when it parses the arguments, to accept a block, and again if there was
     * none, to require one. This returns true only for the first call, which comes from {@code DSL.parseArgs} of
     * workflow-cps.
     */
    protected static boolean acceptsOptionalBlock() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(2).findFirst())
                .filter(asking -> asking.getMethodName().equals("parseArgs"))
                .isPresent();
    }

    @Override
    public Set<? extends Class<?>> getRequiredContext() {
        return Set.of(Run.class, TaskListener.class);
    }
}
