package sandbox.runner;

import com.cloudbees.groovy.cps.Outcome;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A call of {@code sh}. */
final class ShellCall extends PendingCall {
    private static final long serialVersionUID = 1L;
    private static final ExecutorService POOL =
            Executors.newCachedThreadPool(new NamingThreadFactory(new DaemonThreadFactory(), "sh"));

    /** The kind of value that {@code sh} returns. */
    enum Returns {
        NOTHING,
        STDOUT,
        STATUS
    }

    private final String script;
    private final Returns returns;
    private transient Process process;

    ShellCall(JenkinsfileProgram program, String script, Returns returns) {
        super(program.nextId(), "sh", program.branch().scope());
        this.script = script;
        this.returns = returns;
    }

    @Override
    boolean start(JenkinsfileProgram program) throws Exception {
        EnvVars environment = program.environment(scope());
        // A script that begins with "#!" is run by the interpreter that it names, as in Jenkins.
        ProcessBuilder builder = new ProcessBuilder("sh", "-xe", "-c", script);
        if (script.startsWith("#!")) {
            File file = File.createTempFile("script", ".sh");
            file.deleteOnExit();
            java.nio.file.Files.writeString(file.toPath(), script);
            if (!file.setExecutable(true)) {
                throw new AbortException("The script file " + file + " cannot be made executable.");
            }
            builder.command(file.getPath());
        }
        builder.directory(new File(scope().folder()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectErrorStream(returns != Returns.STDOUT);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        process = builder.start();
        POOL.submit(() -> follow(program));
        return false;
    }

    private void follow(JenkinsfileProgram program) {
        try {
            ByteArrayOutputStream stdout = new ByteArrayOutputStream();
            if (returns == Returns.STDOUT) {
                POOL.submit(() -> copy(process.getErrorStream(), program.log().getLogger()));
            }
            copy(
                    process.getInputStream(),
                    returns == Returns.STDOUT ? stdout : program.log().getLogger());
            complete(outcome(process.waitFor(), stdout.toString(StandardCharsets.UTF_8)));
        } catch (IOException | InterruptedException e) {
            complete(new Outcome(null, e));
        }
    }

    private static Void copy(InputStream from, OutputStream to) throws IOException {
        // Line by line, since several branches write to the same log.
        try (var lines = new java.io.BufferedReader(new java.io.InputStreamReader(from, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return null;
    }

    private Outcome outcome(int status, String stdout) {
        if (returns == Returns.STATUS) {
            return new Outcome(status, null);
        }
        return status == 0
                ? new Outcome(returns == Returns.STDOUT ? stdout : null, null)
                : new Outcome(null, new AbortException("script returned exit code " + status));
    }

    @Override
    void resume(JenkinsfileProgram program) {
        complete(new Outcome(
                null,
                new AbortException("A script was running when the build was killed; what it did is not"
                        + " known. Start the build anew, or wrap the script into retry.")));
    }

    @Override
    void stop(JenkinsfileProgram program, Throwable cause) {
        complete(new Outcome(null, cause));
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
