package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.Util;
import hudson.remoting.Channel;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.support.steps.FilePathDynamicContext;

/**
 * A step whose body works on the files of a config repository, in a folder of the workspace. After a restart of the
 * controller before the body ran, everything is done again; while the body runs, Pipeline resumes it; after it has run,
 * its files are read again. An agent that is lost meanwhile is awaited, as by {@code sh}.
 */
public abstract class BodyFolderExecution extends RequestingExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(BodyFolderExecution.class.getName());

    /** The delays before the next attempts to reach an agent that is not connected. */
    private static final Duration FIRST_ATTEMPT = Duration.ofSeconds(2);

    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(30);

    /** The number of times that a task is done again, one after the other, since its connection was lost. */
    private static final int MOST_LOST_TASKS = 5;

    private static final String AWAITS_AGENT = "The agent with the workspace is not connected; waiting for it.";

    /** The number of files that the log names of those that are not committed. */
    private static final int MAX_NAMED = 10;

    /** The delays between attempts to reach the agent; null unless the last one failed. */
    @CheckForNull
    private transient volatile Backoff attempts;

    private transient int lostTasks;

    /** The files that were named in the log last. */
    @CheckForNull
    private transient volatile List<String> named;

    /**
     * The node and the path of the workspace, and the folder there in which the body works; empty before it has one.
     */
    private volatile String workspace = "";

    private volatile String folder = "";

    /** Null while the step has no body. */
    @CheckForNull
    private volatile BodyPhase phase;

    /** The progress of the body. */
    protected enum BodyPhase {
        /** Its files are not in the folder yet. */
        PREPARING,

        RUNNING,

        /** It has ended, and its files are to be read. */
        COLLECTING
    }

    protected BodyFolderExecution(StepContext context) {
        super(context);
    }

    /** Asks for the files of the body, and calls {@link #startBody} when they are in the folder. */
    protected abstract void prepareBody();

    /** Called after a restart while the body runs. */
    protected abstract void onBodyResumed();

    /** Reads what the body made. */
    protected abstract void collectBody();

    /** Called when the body has failed, on the thread of the program, which must not block. */
    protected void onBodyFailure(Throwable failure) {
        fail(failure);
    }

    /** Begins with a body, the first one or the next. */
    protected final void beginBody() {
        phase = BodyPhase.PREPARING;
    }

    /** Returns how far the body is; null if the step has none. */
    @CheckForNull
    protected final BodyPhase bodyPhase() {
        return phase;
    }

    @Override
    protected void subscribe() {
        if (isEnded()) {
            return;
        }
        takeFolderAgain();
        switch (Objects.requireNonNull(phase)) {
            case PREPARING -> prepareBody();
            case RUNNING -> onBodyResumed();
            case COLLECTING -> collectBody();
            default -> throw new IllegalStateException(String.valueOf(phase));
        }
    }

    /**
     * Runs the body in the folder. As with {@code dir}, the folder is given by its name: steps within steps of the body,
     * such as {@code withEnv}, would look for the workspace of the node before they found a {@link FilePath} around them.
     *
     * @param context what its steps find in their context besides the folder
     */
    protected final BodyExecution startBody(FilePath folder, Object... context)
            throws IOException, InterruptedException {
        BodyInvoker body = getContext()
                .newBodyInvoker()
                .withContext(FilePathDynamicContext.createContextualObject(
                        folder, getContext().get(FlowNode.class)))
                .withCallback(new BodyCallback(this));
        for (Object each : context) {
            body = body.withContext(each);
        }
        return body.start();
    }

    /** A task in the folder of the body. */
    protected interface FolderTask {
        void run(FilePath folder) throws IOException, InterruptedException, RequestRefused;
    }

    /** Called when the agent is not connected yet, before the next attempt. */
    protected void awaitsAgent() {}

    /** Runs a task on a thread of the build; an agent that is not connected yet is awaited. */
    protected final void runWithFolder(FolderTask task) {
        runBlocking("The agent with the folder " + BodyFolder.NAME, () -> runInFolder(task));
    }

    private void runInFolder(FolderTask task) {
        try {
            FilePath place = reachableWorkspace();
            if (place == null) {
                awaitAgent();
            } else if (!isEnded()) {
                agentAnswers();
                takeFolder(place);
                task.run(place.child(folder));
                lostTasks = 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        } catch (IOException e) {
            if (!wasLost(e)) {
                fail(new AbortException("The folder " + folder + " of the workspace cannot be used: " + e.getMessage())
                        .initCause(e));
            }
        } catch (RequestRefused | RuntimeException e) {
            if (!wasLost(e)) {
                fail(e);
            }
        }
    }

    /** Returns the workspace, or null while its agent is not connected. */
    @CheckForNull
    private FilePath reachableWorkspace() throws InterruptedException {
        try {
            return getContext().get(FilePath.class);
        } catch (IOException e) {
            // Where the node is gone for good, Pipeline ends the node block, and this step with it.
            LOGGER.log(Level.FINE, "The workspace cannot be reached", e);
            return null;
        }
    }

    /** Whether a task failed since the agent was lost meanwhile; then it is done again when the agent is back. */
    private boolean wasLost(Exception failure) {
        boolean lost = Channel.isClosedChannelException(failure);
        try {
            lost |= failure instanceof IOException && reachableWorkspace() == null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!lost || ++lostTasks > MOST_LOST_TASKS) {
            return false;
        }
        awaitAgent();
        return true;
    }

    private void awaitAgent() {
        if (isEnded()) {
            return;
        }
        awaitsAgent();
        Backoff delays = attempts;
        if (delays == null) {
            delays = new Backoff(FIRST_ATTEMPT, LONGEST_ATTEMPT);
            attempts = delays;
            setWaitReason(AWAITS_AGENT);
            log(AWAITS_AGENT);
        }
        schedule("agent", Backoff.jittered(delays.next()).toMillis(), this::subscribe);
    }

    private void agentAnswers() {
        if (attempts != null) {
            attempts = null;
            clearWaitReason();
        }
    }

    /** Bodies that run at the same time in one workspace must not work in one folder. */
    private synchronized void takeFolder(FilePath place) throws IOException, InterruptedException {
        if (folder.isEmpty()) {
            EnvVars environment = getContext().get(EnvVars.class);
            String node = environment == null ? "" : Util.fixNull(environment.get("NODE_NAME"));
            workspace = node + ":" + place.getRemote();
            folder = FolderLeases.take(workspace, BodyFolder.NAME);
            if (isEnded()) {
                giveBackFolder();
            }
        }
    }

    /** Takes the folder again that the step had before a restart. */
    private void takeFolderAgain() {
        if (!folder.isEmpty()) {
            FolderLeases.takeAgain(workspace, folder);
        }
    }

    protected final void giveBackFolder() {
        if (!folder.isEmpty()) {
            FolderLeases.giveBack(workspace, folder);
        }
    }

    /** Writes a tree to the folder, without the files that a generator makes, and deletes all other files in it. */
    protected static void layOut(FilePath folder, ConfigTree tree, PathPatterns generated)
            throws IOException, InterruptedException {
        BodyFolder.layOut(folder, tree, generated);
    }

    /**
     * Reads the files that differ from a tree, and names those in the log that are not committed.
     *
     * @throws RequestRefused if one of them must not be committed
     */
    protected final BodyChanges changes(FilePath folder, ConfigTree tree, PathPatterns paths)
            throws IOException, InterruptedException, RequestRefused {
        BodyFolder.CollectedFiles collected = BodyFolder.changes(folder, tree, paths);
        List<String> outside = collected.outside();
        if (!outside.isEmpty() && !outside.equals(named)) {
            log("Not committed, since it is not in " + String.join(", ", paths.patterns()) + ": " + names(outside));
        }
        named = outside;
        if (!collected.ignored().isEmpty()) {
            log("Not committed, since the .gitignore files of the config repository ignore it: "
                    + names(collected.ignored()));
        }
        return collected.changes();
    }

    private static String names(List<String> paths) {
        return paths.stream().limit(MAX_NAMED).map(SingleLine::of).collect(Collectors.joining(", "))
                + (paths.size() > MAX_NAMED ? " and " + (paths.size() - MAX_NAMED) + " more" : "");
    }

    @Override
    protected void onEnd() {
        super.onEnd();
        giveBackFolder();
    }

    /** Called when the body starts and ends, on the thread of the program, which must not block. */
    private static final class BodyCallback extends BodyExecutionCallback {

        private static final long serialVersionUID = 1L;

        private final BodyFolderExecution step;

        BodyCallback(BodyFolderExecution step) {
            this.step = step;
        }

        /** Sets the phase here and not earlier, so that a program that was saved before the body started starts it. */
        @Override
        public void onStart(StepContext context) {
            step.phase = BodyPhase.RUNNING;
        }

        @Override
        public void onSuccess(StepContext context, @CheckForNull Object result) {
            step.phase = BodyPhase.COLLECTING;
            DriverRegistry.get().executors().callbacks().execute(step::subscribe);
        }

        @Override
        public void onFailure(StepContext context, Throwable failure) {
            step.onBodyFailure(failure);
        }
    }
}
