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
import java.util.HashMap;
import java.util.Map;
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
        STATUS,
        /** What {@code checkout} returns, from a script that writes the commit. */
        COMMIT
    }

    private static final String CHECKOUT = """
            test -e .git || git init -q .
            git fetch -q --no-tags -- "$1" "$2"
            git checkout -q -f --detach FETCH_HEAD
            git rev-parse HEAD
            """;

    private final String script;
    private final Returns returns;
    private final ScmSource scm;
    private transient Process process;

    ShellCall(JenkinsfileProgram program, String script, Returns returns) {
        this(program, "sh", script, returns, null);
    }

    private ShellCall(JenkinsfileProgram program, String step, String script, Returns returns, ScmSource scm) {
        super(program.nextId(), step, program.branch().scope());
        this.script = script;
        this.returns = returns;
        this.scm = scm;
    }

    /** A call of {@code checkout}: the commit is checked out in the folder of the step, as far as git can. */
    static ShellCall checkout(JenkinsfileProgram program, ScmSource scm) {
        program.line("Checking out " + scm.ref() + " of " + scm.url());
        return new ShellCall(program, "checkout", CHECKOUT, Returns.COMMIT, scm);
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
        if (scm != null) {
            builder.command("sh", "-e", "-c", script, "checkout", scm.url(), scm.ref());
        }
        builder.directory(new File(scope().folder()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectErrorStream(!isCaught());
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        process = builder.start();
        POOL.submit(() -> follow(program));
        return false;
    }

    private void follow(JenkinsfileProgram program) {
        try {
            ByteArrayOutputStream stdout = new ByteArrayOutputStream();
            if (isCaught()) {
                POOL.submit(() -> copy(process.getErrorStream(), program.log().getLogger()));
            }
            copy(process.getInputStream(), isCaught() ? stdout : program.log().getLogger());
            complete(outcome(process.waitFor(), stdout.toString(StandardCharsets.UTF_8)));
        } catch (IOException | InterruptedException e) {
            complete(new Outcome(null, e));
        }
    }

    private boolean isCaught() {
        return returns == Returns.STDOUT || returns == Returns.COMMIT;
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
        if (returns == Returns.COMMIT) {
            return status == 0
                    ? new Outcome(new HashMap<>(Map.of("GIT_COMMIT", stdout.strip(), "GIT_URL", scm.url())), null)
                    : new Outcome(
                            null,
                            new AbortException("git could not check out " + scm.ref() + " of " + scm.url()
                                    + "; what it says is above. Correct --scm URL[@REF]."));
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
