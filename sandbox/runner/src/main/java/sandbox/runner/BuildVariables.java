package sandbox.runner;

import groovy.lang.GroovyObjectSupport;
import java.io.IOException;
import java.io.Serializable;

/** The global variable {@code env}. */
public final class BuildVariables extends GroovyObjectSupport implements Serializable {
    private static final long serialVersionUID = 1L;

    BuildVariables() {}

    @Override
    public Object getProperty(String name) {
        JenkinsfileProgram program = JenkinsfileProgram.current();
        try {
            return program.environment(program.branch().scope()).get(name);
        } catch (IOException | InterruptedException e) {
            throw SneakyThrow.<RuntimeException>sneakyThrow(e);
        }
    }

    @Override
    public void setProperty(String name, Object value) {
        JenkinsfileProgram.current().state().environment.override(name, value == null ? null : value.toString());
    }
}
