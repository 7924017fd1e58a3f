package sandbox.runner;

import hudson.Extension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** A side effect for tests of the runner: a line in a file. */
public final class AppendLineStep extends Step {
    private final String file;
    private final String line;

    @DataBoundConstructor
    public AppendLineStep(String file, String line) {
        this.file = file;
        this.line = line;
    }

    public String getFile() {
        return file;
    }

    public String getLine() {
        return line;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, file, line);
    }

    private static final class Execution extends StepExecution {
        private static final long serialVersionUID = 1L;
        private final String file;
        private final String line;

        Execution(StepContext context, String file, String line) {
            super(context);
            this.file = file;
            this.line = line;
        }

        @Override
        public boolean start() throws IOException {
            Files.writeString(Path.of(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            getContext().onSuccess(null);
            return true;
        }
    }

    /** Makes it known as {@code appendLine}. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {
        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of();
        }

        @Override
        public String getFunctionName() {
            return "appendLine";
        }
    }
}
