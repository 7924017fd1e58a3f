package sandbox.runner;

import com.cloudbees.groovy.cps.SerializableScript;
import groovy.lang.Closure;
import groovy.lang.MissingPropertyException;

/** Base class of Jenkinsfiles: resolves undefined names as steps and variables of the build. */
public abstract class JenkinsfileScript extends SerializableScript {
    private static final long serialVersionUID = 1L;

    @Override
    public Object invokeMethod(String name, Object args) {
        Object[] arguments = args instanceof Object[] many ? many : new Object[] {args};
        if (getBinding().hasVariable(name) && getBinding().getVariable(name) instanceof Closure<?> closure) {
            return closure.call(arguments);
        }
        try {
            return new StepLookup(JenkinsfileProgram.current()).call(name, arguments);
        } catch (Throwable e) {
            throw SneakyThrow.<RuntimeException>sneakyThrow(e);
        }
    }

    @Override
    public Object getProperty(String name) {
        switch (name) {
            case "env":
                return new BuildVariables();
            case "params":
                return JenkinsfileProgram.current().state().parameters;
            case "currentBuild":
                return new CurrentBuild();
            default:
                return variable(name);
        }
    }

    private Object variable(String name) {
        if (getBinding().hasVariable(name)) {
            return getBinding().getVariable(name);
        }
        Object value = new BuildVariables().getProperty(name);
        if (value == null) {
            throw new MissingPropertyException(
                    "No such variable: " + name + "; neither the Jenkinsfile nor the build defines it.",
                    name,
                    getClass());
        }
        return value;
    }
}
