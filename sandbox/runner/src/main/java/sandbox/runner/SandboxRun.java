package sandbox.runner;

import hudson.EnvVars;
import hudson.ExtensionList;
import hudson.model.Cause.UserIdCause;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.User;
import hudson.model.listeners.RunListener;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.TreeMap;
import jenkins.model.Jenkins;

/** A build of the sandbox. */
final class SandboxRun extends Run<SandboxJob, SandboxRun> {
    private final TreeMap<String, String> variables = new TreeMap<>();
    private boolean completed;

    SandboxRun(SandboxJob job) throws IOException {
        super(job);
    }

    SandboxRun(SandboxJob job, File folder) throws IOException {
        super(job, folder);
        UserIdCause started = getCause(UserIdCause.class);
        if (started != null) {
            User.getById(started.getUserId(), true);
        }
    }

    void setVariables(java.util.Map<String, String> given) throws IOException {
        variables.putAll(given);
        save();
    }

    /** Sets and saves the result, so that a build that was killed is resumed with it. */
    @Override
    public void setResult(Result r) {
        super.setResult(r);
        try {
            save();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void complete(Result result) throws IOException {
        setResult(result);
        completed = true;
        save();
        // A build may end after its home was closed.
        if (Jenkins.getInstanceOrNull() != null) {
            for (RunListener listener : ExtensionList.lookup(RunListener.class)) {
                listener.onFinalized(this);
            }
        }
    }

    @Override
    public boolean isBuilding() {
        return !completed;
    }

    @Override
    public EnvVars getEnvironment(TaskListener listener) throws IOException, InterruptedException {
        return super.getEnvironment(listener).overrideAll(variables);
    }
}
