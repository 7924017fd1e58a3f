package hudson;

import hudson.model.TaskListener;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public abstract class Launcher {
    protected final TaskListener listener;

    protected Launcher(TaskListener listener) {
        this.listener = listener;
    }

    public final ProcStarter launch() {
        return new ProcStarter();
    }

    public abstract Proc launch(ProcStarter starter) throws IOException;

    /** Implemented for processes without input. */
    public final class ProcStarter {
        private List<String> commands;
        private FilePath pwd;
        private OutputStream stdout;
        private OutputStream stderr;
        private Map<String, String> envs = new TreeMap<>();

        public ProcStarter cmds(List<String> args) {
            commands = args;
            return this;
        }

        public ProcStarter quiet(boolean quiet) {
            return this;
        }

        public ProcStarter pwd(FilePath workDir) {
            pwd = workDir;
            return this;
        }

        public ProcStarter stdout(OutputStream out) {
            stdout = out;
            return this;
        }

        public ProcStarter stderr(OutputStream err) {
            stderr = err;
            return this;
        }

        public ProcStarter envs(Map<String, String> overrides) {
            envs = overrides;
            return this;
        }

        public Proc start() throws IOException {
            return launch(this);
        }
    }

    /** Implemented: starts processes on this machine. */
    public static class LocalLauncher extends Launcher {
        public LocalLauncher(TaskListener listener) {
            super(listener);
        }

        @Override
        public Proc launch(ProcStarter starter) throws IOException {
            return Proc.local(starter.commands, starter.pwd, starter.envs, starter.stdout, starter.stderr);
        }
    }
}
