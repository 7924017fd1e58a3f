package sandbox.runner;

import hudson.ExtensionList;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.gitops.gates.VerificationRunner;
import io.jenkins.plugins.gitops.triggers.EndedChangeListener;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jenkins.model.SandboxHome;
import sandbox.casc.CascReader;

/**
 * Runs scripted Jenkinsfiles on the plugin's real steps, in this JVM and without a controller.
 *
 * <pre>{@code
 * try (Sandbox sandbox = Sandbox.open(home, cascYaml, System.getenv())) {
 *     BuildRequest request = new BuildRequest("app", jenkinsfile, workspace, Map.of(), Map.of("GIT_COMMIT", sha));
 *     BuildResult result = sandbox.build(request, System.out);
 * }
 * }</pre>
 *
 * <p>Builds of any number of jobs may run at the same time, from any threads; they share the plugin's global
 * configuration and so its drivers, which live as long as the sandbox is open. Only one sandbox is open in a JVM.
 * Jobs and builds lie below the home and are found again when it is opened the next time.
 */
public final class Sandbox implements AutoCloseable {
    private final SandboxHome home;
    private final Set<String> secretVariables;

    private Sandbox(SandboxHome home, Set<String> secretVariables) {
        this.home = home;
        this.secretVariables = secretVariables;
    }

    /**
     * Opens a home and configures it.
     *
     * @param home folder, the sandbox's {@code $JENKINS_HOME}; created if it is missing
     * @param cascYaml text of a Configuration-as-Code file
     * @param environment the values of {@code ${NAME}} in that text
     * @throws sandbox.casc.CascException with one sentence, if the text has an unknown name or a value that is refused
     */
    public static Sandbox open(Path home, String cascYaml, Map<String, String> environment) {
        SandboxHome opened = SandboxHome.open(home);
        try {
            Set<String> secretVariables = new CascReader(environment).apply(cascYaml);
            // There is no queue of Jenkins, in which jobs would wait for changes that end after their builds.
            ExtensionList.lookupSingleton(EndedChangeListener.class).setStarter((repository, ended) -> {});
            VerificationRunner.get().setStarter(VerificationJob.NONE);
            ExtensionList.lookup(ItemListener.class).forEach(ItemListener::onLoaded);
            return new Sandbox(opened, secretVariables);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Runs a build to its end. A build that fails returns a result and throws no exception. */
    public BuildResult build(BuildRequest request, OutputStream log) {
        return start(request, log).await();
    }

    /**
     * Starts a build; {@link RunningBuild#await()} waits for its end.
     *
     * @param actions are added to the build before it starts
     */
    public RunningBuild start(BuildRequest request, OutputStream log, Action... actions) {
        try {
            SandboxJob job = job(request.job());
            Optional<JenkinsfileProgram> before =
                    job.isConcurrent() ? Optional.empty() : JenkinsfileProgram.lastOf(request.job());
            SandboxRun run = job.newBuild();
            List.of(actions).forEach(run::addAction);
            return begin(run, request, log, before);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private RunningBuild begin(
            SandboxRun run, BuildRequest request, OutputStream log, Optional<JenkinsfileProgram> before)
            throws IOException {
        WorkspaceLease workspace = request.workspace() == null
                ? WorkspaceLease.take(home.folder().resolve("workspace"), request.job())
                : WorkspaceLease.of(request.workspace().toAbsolutePath());
        return new RunningBuild(run, JenkinsfileProgram.start(run, request, workspace, log, secretVariables, before));
    }

    /** Resumes all builds of a job that were running when their JVM ended, and restarts those without a saved state. */
    void resumeAll(BuildRequest request, OutputStream log) throws IOException {
        for (SandboxRun run : job(request.job())._getRuns().values()) {
            if (run.isBuilding()) {
                resume(run, request, log);
            }
        }
    }

    /**
     * Resumes the last build of a job if it was running when its JVM ended. A build without a saved state starts from
     * the beginning.
     */
    public Optional<RunningBuild> resume(BuildRequest request, OutputStream log) {
        SandboxRun last = job(request.job()).getLastBuild();
        if (last == null || !last.isBuilding()) {
            return Optional.empty();
        }
        try {
            return Optional.of(resume(last, request, log));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private RunningBuild resume(SandboxRun run, BuildRequest request, OutputStream log) throws IOException {
        return JenkinsfileProgram.canResume(run)
                ? new RunningBuild(run, JenkinsfileProgram.resume(run, log, secretVariables))
                : begin(run, request, log, Optional.empty());
    }

    /** The builds of a job, the newest first. */
    Collection<? extends Run<?, ?>> builds(String job) {
        return job(job)._getRuns().values();
    }

    private SandboxJob job(String name) {
        synchronized (home) {
            Job<?, ?> known = home.job(name);
            if (known == null) {
                known = new SandboxJob(name);
                home.addJob(known);
            }
            return (SandboxJob) known;
        }
    }

    /** The folder of a build: its log, its actions, its saved program. */
    public File folder(BuildResult build) {
        return job(build.job()).getBuildByNumber(build.number()).getRootDir();
    }

    /** One sentence for each change that was undecided in the last round of its driver. */
    public List<String> undecided() {
        return UndecidedChanges.sentences(home.folder());
    }

    /**
     * Shuts the plugin down as a controller does. Running builds keep their saved state; {@link #resume} continues them
     * when the home is opened again.
     */
    @Override
    public void close() {
        JenkinsfileProgram.suspendAll();
        ExtensionList.lookup(ItemListener.class).forEach(ItemListener::onBeforeShutdown);
        home.close();
    }
}
