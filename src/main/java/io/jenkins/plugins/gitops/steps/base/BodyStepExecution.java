package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.DryRunEntry;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** A step that makes a change, and whose body, if it has one, generates files for it. */
public abstract class BodyStepExecution extends BodyFolderExecution {

    private static final long serialVersionUID = 1L;

    /** The interval at which a step that waits in line checks the step whose turn it is, in seconds. */
    private static final int LINE_SECONDS = 5;

    /** Patterns of the files that the body may change. */
    private final ArrayList<String> bodyPaths = new ArrayList<>();

    private volatile String base = "";

    /** The time at which the step began, in milliseconds. */
    private long arrived;

    /** The place of the body in the line of the repository; null if it is in none. */
    @CheckForNull
    private transient BodyTurns.Turn turn;

    protected BodyStepExecution(StepContext context) {
        super(context);
    }

    /** The name of the config repository. */
    protected abstract String repository();

    /** Asks the driver for the tree that the body works on, and calls {@link #layOut} with it. */
    protected abstract void prepare();

    /** Makes the change, with the files that the body changed, or null where the step has no body. */
    protected abstract void makeChange(@Nullable BodyChanges body);

    /**
     * Checks the arguments that a body needs, if the step has one. Called by the start.
     *
     * @param step the name of the step in Jenkinsfiles
     * @param given patterns of the files that the body may change, or empty for those of the repository
     * @param generated the repository's {@code generatedPaths}
     */
    protected final void readBody(String step, List<String> given, PathPatterns generated)
            throws IOException, InterruptedException {
        if (!getContext().hasBody()) {
            return;
        }
        if (enclosingBodies().include(repository())) {
            throw new AbortException(step + " with a body is inside the body of another step on " + repository()
                    + ", and would wait for that one to end. Put one after the other, or make all files in one body.");
        }
        if (getContext().get(FilePath.class) == null) {
            throw new AbortException(step + " with a body needs a workspace; put it into node { … }.");
        }
        try {
            bodyPaths.addAll((given.isEmpty() ? generated : new PathPatterns(given)).patterns());
        } catch (IllegalArgumentException e) {
            throw new AbortException("bodyPaths: " + e.getMessage());
        }
        if (bodyPaths.isEmpty()) {
            throw new AbortException(step + " does not know which files its body may change; pass bodyPaths:, or set "
                    + "generatedPaths on the config repository.");
        }
        arrived = now();
        beginBody();
    }

    private EnclosingBodies enclosingBodies() throws IOException, InterruptedException {
        return EnclosingBodies.of(getContext().get(EnclosingBodies.class));
    }

    @Override
    protected final void subscribe() {
        if (bodyPhase() != null) {
            super.subscribe();
        } else if (!isEnded()) {
            makeChange(null);
        }
    }

    @Override
    protected final void prepareBody() {
        enterLine(this::prepareOnTurn);
    }

    /** No other body may begin before this one has ended. */
    @Override
    protected final void onBodyResumed() {
        enterLine(() -> {});
    }

    @Override
    protected final void collectBody() {
        var reopen = new DriverRequest.ReopenTree(base);
        request(repository(), reopen, tree -> runWithFolder(folder -> collect(folder, tree)));
    }

    /** Writes the tree to the folder and runs the body on it. */
    protected final void layOut(ConfigTree tree) {
        BodyTurns.Turn mine = turn();
        if (mine == null || !mine.hasCome()) {
            // The tree may be another one when the turn has come.
            enterLine(this::prepareOnTurn);
            return;
        }
        runWithFolder(folder -> run(folder, tree));
    }

    private void prepareOnTurn() {
        restartTimeout();
        prepare();
    }

    /** Enters the line of the repository, unless the step is in it or has ended. */
    private void enterLine(Runnable onTurn) {
        BodyTurns.Turn entered;
        try {
            Run<?, ?> run = need(Run.class);
            BodyTurns.Turn before = turn();
            if (before != null && before.hasCome()) {
                onTurn.run();
                return;
            }
            synchronized (this) {
                if (isEnded() || turn != null) {
                    return;
                }
                boolean runs = bodyPhase() == BodyPhase.RUNNING;
                entered = BodyTurns.get().enter(repository(), run, arrived, runs, onTurn, this::passTurn);
                turn = entered;
            }
        } catch (IOException | InterruptedException e) {
            fail(e);
            return;
        }
        entered.waitsFor()
                .ifPresent(other ->
                        log("Waiting for the turn of this body: that of " + other + " works on " + repository()));
        watchLine();
    }

    /** Checks from time to time, while the step waits, whether the step whose turn it is still needs it. */
    private void watchLine() {
        BodyTurns.Turn mine = turn();
        if (mine != null && !mine.hasCome()) {
            mine.checkHolder();
            schedule("line", TimeUnit.SECONDS.toMillis(LINE_SECONDS), this::watchLine);
        }
    }

    /** Passes the turn on, since others have waited for long. */
    private void passTurn() {
        if (leaveLine()) {
            log("The body has had its turn for " + BodyTurns.LONGEST.toMinutes() + " minutes; others work on "
                    + repository() + " now, and its change may not fit on theirs.");
        }
    }

    /**
     * Leaves the line, so that another body has its turn: the step waits for something else, or has ended.
     *
     * @return whether the step was in the line
     */
    protected final boolean leaveLine() {
        BodyTurns.Turn left;
        synchronized (this) {
            left = turn;
            turn = null;
        }
        if (left != null) {
            left.leave();
        }
        return left != null;
    }

    @CheckForNull
    private synchronized BodyTurns.Turn turn() {
        return turn;
    }

    @Override
    protected void onEnd() {
        super.onEnd();
        leaveLine();
    }

    /** Meanwhile others work; this step keeps its place in the order of arrival. */
    @Override
    protected void awaitsAgent() {
        leaveLine();
    }

    private void run(FilePath folder, ConfigTree tree) throws IOException, InterruptedException {
        BodyFolder.layOut(folder, tree, PathPatterns.NONE);
        base = tree.base().name();
        log("Laid out the " + tree.files().size() + " files of " + repository() + " as of " + base + " in "
                + folder.getRemote());
        if (!tree.leftOut().isEmpty()) {
            log("Left out files that cannot lie in every workspace, because of their names or sizes: "
                    + SingleLine.excerpt(String.join(", ", tree.leftOut())));
        }
        if (!isEnded()) {
            startBody(folder, enclosingBodies().with(repository()));
        }
    }

    private void collect(FilePath folder, ConfigTree tree) throws IOException, InterruptedException, RequestRefused {
        BodyChanges changes = changes(folder, tree, new PathPatterns(bodyPaths));
        giveBackFolder();
        log("The body changed " + changes.files().size() + " files in " + String.join(", ", bodyPaths));
        makeChange(changes);
    }

    /**
     * Records the diff of a dry run in the build. If that fails, the step fails.
     *
     * @param id the id of the change that is not made
     * @param path the image set that the change would write
     * @param diff the diff in the format of {@code git diff}
     * @return whether the diff was recorded
     */
    protected final boolean recordDryRun(String id, WavePath path, String diff) {
        try {
            DeliveryAction.of(need(Run.class)).record(new DryRunEntry(id, repository(), path, now()), diff);
            return true;
        } catch (IOException | InterruptedException e) {
            fail(new AbortException("The difference could not be kept with the build: " + e.getMessage()).initCause(e));
            return false;
        }
    }

    /** The status while the body is prepared or runs, else the given one. */
    protected final String status(String otherwise) {
        BodyPhase now = bodyPhase();
        if (now == BodyPhase.PREPARING) {
            BodyTurns.Turn mine = turn();
            return mine == null
                    ? "laying out " + repository()
                    : mine.waitsFor()
                            .map(other -> "waiting until the body of " + other + " has ended")
                            .orElse("laying out " + repository());
        }
        return now == BodyPhase.RUNNING ? "running the body on " + repository() : otherwise;
    }
}
