package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public abstract class Launcher {
    protected final TaskListener listener;

    protected Launcher(@NonNull TaskListener listener) {
        this.listener = listener;
    }

    @NonNull
    public final ProcStarter launch() {
        return new ProcStarter();
    }

    public abstract Proc launch(@NonNull ProcStarter starter) throws IOException;

    /** Living for what has no input. */
    public final class ProcStarter {
        private List<String> commands;
        private FilePath pwd;
        private OutputStream stdout;
        private OutputStream stderr;
        private Map<String, String> envs = new TreeMap<>();

        public ProcStarter cmds(@NonNull List<String> args) {
            commands = args;
            return this;
        }

        public ProcStarter quiet(boolean quiet) {
            return this;
        }

        public ProcStarter pwd(@CheckForNull FilePath workDir) {
            pwd = workDir;
            return this;
        }

        public ProcStarter stdout(@CheckForNull OutputStream out) {
            stdout = out;
            return this;
        }

        public ProcStarter stderr(@CheckForNull OutputStream err) {
            stderr = err;
            return this;
        }

        public ProcStarter envs(@NonNull Map<String, String> overrides) {
            envs = overrides;
            return this;
        }

        public Proc start() throws IOException {
            return launch(this);
        }
    }

    /** Living: starts processes of this machine. */
    public static class LocalLauncher extends Launcher {
        public LocalLauncher(@NonNull TaskListener listener) {
            super(listener);
        }

        @Override
        public Proc launch(@NonNull ProcStarter starter) throws IOException {
            return Proc.local(starter.commands, starter.pwd, starter.envs, starter.stdout, starter.stderr);
        }
    }
}
