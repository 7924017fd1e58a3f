package sandbox.runner;

import com.cloudbees.groovy.cps.SerializableScript;
import groovy.lang.Closure;
import hudson.AbortException;
import hudson.model.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jenkinsci.plugins.workflow.flow.ErrorCondition;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** The parts of the block steps that do not wait. {@code Prelude.groovy} has the parts that wait. */
public abstract class PreludeScript extends SerializableScript {
    private static final long serialVersionUID = 1L;

    public abstract Object node(Map<String, Object> named, Closure<?> body);

    public abstract Object stage(String name, Closure<?> body);

    public abstract Object dir(String path, Closure<?> body);

    public abstract Object withEnv(Map<String, Object> named, Closure<?> body);

    public abstract Object withCredentials(Map<String, Object> named, Closure<?> body);

    public abstract Object retry(Map<String, Object> named, Closure<?> body);

    public abstract Object timeout(Map<String, Object> named, Closure<?> body);

    public abstract Object catchError(Map<String, Object> named, Closure<?> body);

    public abstract Object warnError(Map<String, Object> named, Closure<?> body);

    public abstract Object parallel(Map<String, Object> branches);

    private static ExecutionBranch branch() {
        return JenkinsfileProgram.current().branch();
    }

    public Object scope() {
        return branch().scope();
    }

    /** Enters a block; returns the scope to restore at its end. */
    public Object enter(String step, String label, Object inner) {
        JenkinsfileProgram.current().logPipeline(step);
        JenkinsfileProgram.current().logPipeline(label == null ? "{" : "{ (" + label + ")");
        BlockScope outer = branch().scope();
        branch().scope((BlockScope) inner);
        return outer;
    }

    public void leave(String step, Object outer) {
        if (step.equals("node")) {
            JenkinsfileProgram.current().leaveNode(branch().scope().folder());
        }
        branch().scope((BlockScope) outer);
        JenkinsfileProgram.current().logPipeline("}");
        JenkinsfileProgram.current().logPipeline("// " + step);
    }

    public Object inNode(Object label) throws IOException {
        Path workspace = Path.of(JenkinsfileProgram.current().enterNode());
        Files.createDirectories(workspace);
        JenkinsfileProgram.current().line("Running on the sandbox in " + workspace);
        return branch().scope().in(workspace.toString()).with(Map.of("WORKSPACE", workspace.toString()));
    }

    public Object inFolder(String path) throws IOException {
        if (branch().scope().folder() == null) {
            throw new AbortException("Step dir needs a workspace; put it into node { … }.");
        }
        Path folder = Path.of(branch().scope().folder()).resolve(path).normalize();
        Files.createDirectories(folder);
        JenkinsfileProgram.current().line("Running in " + folder);
        return branch().scope().in(folder.toString());
    }

    public Object withVariables(Object overrides) throws AbortException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Object each : collection("withEnv", "overrides", overrides)) {
            String[] pair = each.toString().split("=", 2);
            if (pair.length != 2) {
                throw new AbortException("withEnv takes texts of the form NAME=value, not '" + each + "'.");
            }
            variables.put(pair[0], pair[1]);
        }
        return branch().scope().with(variables);
    }

    public Object withBindings(Object bindings) throws IOException, InterruptedException {
        Collection<?> all = collection("withCredentials", "bindings", bindings);
        for (Object each : all) {
            if (!(each instanceof CredentialBinding)) {
                throw new AbortException(
                        "withCredentials takes usernamePassword(…) and string(…), not '" + each + "'.");
            }
        }
        BlockScope inner = branch().scope()
                .with(all.stream().map(CredentialBinding.class::cast).toList());
        // Fails at the block if credentials are unknown, rather than at the first step in it.
        JenkinsfileProgram.current().environment(inner);
        return inner;
    }

    private static Collection<?> collection(String step, String parameter, Object value) throws AbortException {
        if (value instanceof Collection<?> many) {
            return many;
        }
        throw new AbortException("Step " + step + " needs a list for '" + parameter + "'.");
    }

    public int count(Object count, Object conditions) throws AbortException {
        for (Object each : conditions == null ? List.of() : collection("retry", "conditions", conditions)) {
            if (!(each instanceof ErrorCondition)) {
                throw new AbortException(
                        "retry takes conditions such as configConflict(), with parentheses and without quotes, not '"
                                + each + "'.");
            }
        }
        if (count instanceof Integer times && times > 0) {
            return times;
        }
        throw new AbortException("retry needs a number above zero for 'count', not '" + count + "'.");
    }

    /** Whether {@code retry} tries again after a failure. */
    public boolean retryable(Throwable failure, Object conditions) throws IOException, InterruptedException {
        if (failure instanceof FlowInterruptedException interrupted && interrupted.isActualInterruption()) {
            return false;
        }
        Collection<?> wanted = conditions == null ? List.of() : collection("retry", "conditions", conditions);
        boolean retryable = wanted.isEmpty();
        for (Object each : wanted) {
            retryable |= ((ErrorCondition) each).test(failure, null);
        }
        if (retryable) {
            FailureText.print(failure, JenkinsfileProgram.current().log());
        }
        return retryable;
    }

    public void retrying() {
        JenkinsfileProgram.current().line("Retrying");
    }

    /** Starts a time limit; returns it. */
    public Object limit(Object time, Object unit) throws AbortException {
        if (!(time instanceof Number amount)) {
            throw new AbortException("timeout needs a number for 'time', not '" + time + "'.");
        }
        String name = unit == null ? "MINUTES" : unit.toString().toUpperCase(Locale.ROOT);
        try {
            TimeoutDeadline deadline = new TimeoutDeadline(
                    branch(),
                    Duration.of(amount.longValue(), ChronoUnit.valueOf(name.equals("MILLISECONDS") ? "MILLIS" : name)));
            branch().deadlines().add(deadline);
            deadline.schedule(JenkinsfileProgram.current());
            return deadline;
        } catch (IllegalArgumentException e) {
            throw new AbortException(
                    "timeout takes MILLISECONDS, SECONDS, MINUTES, HOURS or DAYS for 'unit', not '" + unit + "'.");
        }
    }

    public void unlimit(Object deadline) {
        ((TimeoutDeadline) deadline).cancel();
    }

    /**
     * Sets the result for a failure that {@code catchError} or {@code warnError} catches, or throws the failure again.
     * As on a controller, a failure that has a result of its own, such as an abort, keeps it.
     */
    public void caught(Throwable failure, Map<String, Object> named, String defaultResult) throws Throwable {
        if (failure instanceof FlowInterruptedException interruption
                && interruption.isActualInterruption()
                && Boolean.FALSE.equals(named.get("catchInterruptions"))) {
            throw failure;
        }
        JenkinsfileProgram program = JenkinsfileProgram.current();
        if (named.get("message") != null) {
            program.line("ERROR: " + named.get("message"));
        }
        FailureText.print(failure, program.log());
        Object result = named.getOrDefault("buildResult", defaultResult);
        program.run()
                .setResult(
                        failure instanceof FlowInterruptedException interruption
                                ? interruption.getResult()
                                : Result.fromString(String.valueOf(result)));
    }

    /** Runs the branches, each with the present scope. */
    public Object join(Map<String, Object> branches) throws Throwable {
        JenkinsfileProgram program = JenkinsfileProgram.current();
        return program.start(ParallelCall.of(program, branches));
    }
}
