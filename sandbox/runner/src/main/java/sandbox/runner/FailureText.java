package sandbox.runner;

import groovy.lang.MissingPropertyException;
import hudson.AbortException;
import hudson.model.Result;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Optional;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.MissingContextVariableException;
import sandbox.binding.BindingException;

/** Prints failures: the message of expected ones, and for others the exception and the line of the Jenkinsfile. */
final class FailureText {
    private FailureText() {}

    /** Sets the result of the build and prints the failure; returns its message. */
    static String report(Throwable failure, SandboxRun run, BuildLog log) {
        run.setResult(
                failure instanceof FlowInterruptedException interrupted ? interrupted.getResult() : Result.FAILURE);
        return print(failure, log);
    }

    static String print(Throwable failure, BuildLog log) {
        PrintStream out = log.getLogger();
        if (failure instanceof FlowInterruptedException interrupted) {
            for (CauseOfInterruption cause : interrupted.getCauses()) {
                cause.print(log);
            }
            return log.masked(String.valueOf(interrupted.getMessage()));
        }
        String sentence = isSentence(failure)
                ? failure.getMessage()
                : failure instanceof MissingPropertyException
                        ? failure.getMessage() + location(failure)
                        : failure + location(failure);
        out.println("ERROR: " + sentence);
        return log.masked(sentence);
    }

    private static boolean isSentence(Throwable failure) {
        return failure instanceof AbortException
                || failure instanceof BindingException
                || failure instanceof MissingContextVariableException;
    }

    private static String location(Throwable failure) {
        Optional<StackTraceElement> frame = Arrays.stream(failure.getStackTrace())
                .filter(element -> "WorkflowScript".equals(element.getFileName()) && element.getLineNumber() > 0)
                .findFirst();
        return frame.map(element -> " (Jenkinsfile, line " + element.getLineNumber() + ")")
                .orElse("");
    }
}
