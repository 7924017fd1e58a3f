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
            case "scm":
                return scm();
            default:
                return variable(name);
        }
    }

    private Object scm() {
        ScmSource scm = JenkinsfileProgram.current().state().scm;
        if (scm == null) {
            throw new MissingPropertyException(
                    "There is no scm here: say which repository it stands for with --scm URL[@REF].",
                    "scm",
                    getClass());
        }
        return scm;
    }

    private Object variable(String name) {
        if (getBinding().hasVariable(name)) {
            return getBinding().getVariable(name);
        }
        Object value = new BuildVariables().getProperty(name);
        if (value == null) {
            throw new MissingPropertyException(
                    StepLookup.isKnown(name)
                            ? name + " is called with parentheses: " + name + "()."
                            : "There is no variable " + name
                                    + ": define it with def, or pass it with --env or --param.",
                    name,
                    getClass());
        }
        return value;
    }
}
