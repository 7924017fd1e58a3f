package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.DryRunEntry;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.git.BodyChanges;
import io.jenkins.plugins.gitops.git.ConfigTree;
import io.jenkins.plugins.gitops.git.PathPatterns;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * A step that makes a change, and whose body, if it has one, generates files for it. Before the body runs everything is
 * done again after a restart; while it runs Pipeline takes care of it; after it, what it left is read again.
 */
public abstract class BodyStepExecution extends ResumableExecution {

    private static final long serialVersionUID = 1L;

    /** How long to wait for an agent that is not back yet after a restart. */
    private static final int AGENT_SECONDS = 5;

    private enum Phase {
        PREPARING,
        RUNNING,
        COLLECTING
    }

    /** Where the body is, or null if there is none. */
    @CheckForNull
    private volatile Phase phase;

    private PathPatterns bodyPaths = PathPatterns.NONE;
    private volatile String base = "";

    public BodyStepExecution(StepContext context) {
        super(context);
    }

    public abstract String repository();

    /** Asks for the tree that the body is to work on, for {@link #layOut}. */
    public abstract void prepare();

    /** Goes on with what the body made, or with nothing where there is none. */
    public abstract void submit(@Nullable BodyChanges body);

    /**
     * Takes note of the body, if the step has one. Called by the start.
     *
     * @param given the files that the body may change, or empty for the generated ones
     */
    public final void readBody(String step, List<String> given, PathPatterns generated)
            throws IOException, InterruptedException {
        if (!getContext().hasBody()) {
            return;
        }
        if (getContext().get(FilePath.class) == null) {
            throw new AbortException(step + " with a body needs a workspace; put it into node { … }.");
        }
        try {
            bodyPaths = given.isEmpty() ? generated : new PathPatterns(given);
        } catch (IllegalArgumentException e) {
            throw new AbortException("bodyPaths: " + e.getMessage());
        }
        if (bodyPaths.patterns().isEmpty()) {
            throw new AbortException(step + " does not know which files its body may change; pass bodyPaths:, or set "
                    + "generatedPaths on the config repository.");
        }
        phase = Phase.PREPARING;
    }

    @Override
    public final void subscribe() {
        Phase now = phase;
        if (isEnded()) {
            return;
        }
        if (now == null) {
            submit(null);
        } else if (now == Phase.PREPARING) {
            prepare();
        } else if (now == Phase.COLLECTING) {
            DriverRegistry.get().prepared(repository(), base).whenComplete((tree, failure) -> {
                if (failure == null) {
                    withFolder(folder -> collect(folder, tree));
                } else {
                    fail(failure);
                }
            });
        }
    }

    /** Has the body run on a tree. */
    public final void layOut(ConfigTree tree) {
        withFolder(folder -> run(folder, tree));
    }

    /** Something that is done in the folder of the body. */
    private interface Work {
        void in(FilePath folder) throws IOException, InterruptedException, RequestRefused;
    }

    /** Not on the thread that answers, since the driver would wait for the agent there. */
    private void withFolder(Work work) {
        DriverRegistry.get().pool().execute(() -> workInFolder(work));
    }

    private void workInFolder(Work work) {
        try {
            FilePath workspace = getContext().get(FilePath.class);
            if (workspace == null) {
                DriverRegistry drivers = DriverRegistry.get();
                drivers.timer().schedule(() -> drivers.pool().execute(this::subscribe), AGENT_SECONDS, TimeUnit.SECONDS);
            } else if (!isEnded()) {
                work.in(workspace.child(BodyFolder.NAME));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        } catch (IOException e) {
            fail(new AbortException(
                            "The folder " + BodyFolder.NAME + " of the workspace cannot be used: " + e.getMessage())
                    .initCause(e));
        } catch (RequestRefused | RuntimeException e) {
            fail(e);
        }
    }

    private void run(FilePath folder, ConfigTree tree) throws IOException, InterruptedException {
        BodyFolder.layOut(folder, tree);
        base = tree.base().name();
        log("Laid out the " + tree.files().size() + " files of " + repository() + " as of " + base + " in "
                + folder.getRemote());
        if (!isEnded()) {
            getContext()
                    .newBodyInvoker()
                    .withContext(folder)
                    .withCallback(new Callback(this))
                    .start();
        }
    }

    private void collect(FilePath folder, ConfigTree tree) throws IOException, InterruptedException, RequestRefused {
        BodyChanges changes = BodyFolder.changes(folder, tree, bodyPaths);
        log("The body changed " + changes.files().size() + " files in " + String.join(", ", bodyPaths.patterns()));
        submit(changes);
    }

    /**
     * Keeps what a change would be with the build. Where that fails the step has failed.
     *
     * @param id of the change that is not made
     * @param place where it would be, see {@code WavePath}
     * @param diff as {@code git diff} shows it
     * @return whether it is kept
     */
    public final boolean keep(String id, String place, String diff) {
        try {
            long now = DriverRegistry.get().clock().millis();
            DeliveryAction.of(need(Run.class)).record(new DryRunEntry(id, repository(), place, now), diff);
            return true;
        } catch (IOException | InterruptedException e) {
            fail(new AbortException("The difference could not be kept with the build: " + e.getMessage()).initCause(e));
            return false;
        }
    }

    /** What the step is doing with its body, or what is given where there is none to wait for. */
    public final String status(String otherwise) {
        Phase now = phase;
        if (now == Phase.PREPARING) {
            return "laying out " + repository();
        }
        return now == Phase.RUNNING ? "running the body on " + repository() : otherwise;
    }

    /** Hears of the body, on the thread of the program, where nothing may block. */
    private static final class Callback extends BodyExecutionCallback {

        private static final long serialVersionUID = 1L;

        private final BodyStepExecution step;

        Callback(BodyStepExecution step) {
            this.step = step;
        }

        /** Not before, so that a program that was saved without the body starts it again. */
        @Override
        public void onStart(StepContext context) {
            step.phase = Phase.RUNNING;
        }

        @Override
        public void onSuccess(StepContext context, @CheckForNull Object result) {
            step.phase = Phase.COLLECTING;
            DriverRegistry.get().pool().execute(step::subscribe);
        }

        @Override
        public void onFailure(StepContext context, Throwable failure) {
            step.fail(failure);
        }
    }
}
