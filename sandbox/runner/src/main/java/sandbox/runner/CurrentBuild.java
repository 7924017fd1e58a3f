package sandbox.runner;

import hudson.model.Result;
import java.io.Serializable;

/** The global variable {@code currentBuild}. */
public final class CurrentBuild implements Serializable {
    private static final long serialVersionUID = 1L;

    CurrentBuild() {}

    private static SandboxRun run() {
        return JenkinsfileProgram.current().run();
    }

    public int getNumber() {
        return run().getNumber();
    }

    public String getFullDisplayName() {
        return run().getFullDisplayName();
    }

    public String getDescription() {
        return run().getDescription();
    }

    public void setDescription(String description) throws java.io.IOException {
        run().setDescription(description);
    }

    public String getResult() {
        return run().getResult() == null ? null : run().getResult().toString();
    }

    public void setResult(String result) {
        run().setResult(Result.fromString(result));
    }

    public String getCurrentResult() {
        return run().getResult() == null ? Result.SUCCESS.toString() : getResult();
    }
}
