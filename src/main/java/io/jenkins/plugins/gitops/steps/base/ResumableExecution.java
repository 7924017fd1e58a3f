package io.jenkins.plugins.gitops.steps.base;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A step that waits for an answer without a thread, asks again after a restart, and ends exactly once, whether by the
 * answer, by an abort, or by both at the same time.
 */
public abstract class ResumableExecution extends StepExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(ResumableExecution.class.getName());

    private static final int SECONDS_TO_PROGRESS = 5;

    private transient boolean ended;

    public ResumableExecution(StepContext context) {
        super(context);
    }

    /** Asks, from whatever was persisted. Called by the start and by each resumption, so it must not assume either. */
    public abstract void subscribe();

    /** Lets go of what {@link #arm()} took hold of. Called once, when the step ends. */
    public void unsubscribe() {}

    @Override
    public void onResume() {
        subscribe();
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        if (end()) {
            super.stop(cause);
        }
    }

    public final synchronized boolean isEnded() {
        return ended;
    }

    private boolean end() {
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
        }
        unsubscribe();
        return true;
    }

    /** Whether the state of the build is on disk, so that something may be done that a restart must not repeat. */
    public final boolean isSaved(ListenableFuture<Void> saved, String build) {
        try {
            saved.get();
            return true;
        } catch (InterruptedException | ExecutionException e) {
            LOGGER.log(Level.WARNING, "Could not save the state of " + build, e);
            fail(new AbortException("The state of this build could not be saved, so nothing was committed; look at the "
                    + "log of Jenkins, and run the build again."));
            return false;
        }
    }

    public final void succeed(@CheckForNull Object result) {
        if (end()) {
            getContext().onSuccess(result);
        }
    }

    public final void fail(Throwable failure) {
        if (end()) {
            getContext().onFailure(forPeople(failure));
        }
    }

    /** What was expected to go wrong has its sentence and needs no stack trace; the cause stays for conditions. */
    private static Throwable forPeople(Throwable failure) {
        if (failure instanceof GitOpsException || failure instanceof IllegalArgumentException) {
            return new AbortException(failure.getMessage()).initCause(failure);
        }
        return failure;
    }

    /** What the descriptor requires of the context, so that Pipeline has made sure of it. */
    public final <T> T need(Class<T> key) throws IOException, InterruptedException {
        return Objects.requireNonNull(getContext().get(key));
    }

    /** Has it kept with the build what the commit of a change does to the images; nobody waits for that. */
    public final void keepImages(DeliveryAction delivery, String change) {
        ChangeEntry known = delivery.change(change).orElse(null);
        String sha = known == null || !known.hasCommit() ? null : known.getSha();
        if (sha == null || known.getWave().isEmpty()) {
            return;
        }
        var comparison = new DriverRequest.CompareImages(sha, known.wavePath());
        DriverRegistry.get().submit(known.getRepository(), comparison).whenComplete((images, failure) -> {
            try {
                if (failure == null && images.isPresent()) {
                    delivery.recordImageChanges(
                            change, images.get().before(), images.get().after());
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "Could not keep the images of " + change, e);
            }
        });
    }

    /** Says in the log, every few seconds, how far the clone is that an answer has to wait for. */
    public final void logProgress(String repository, CompletableFuture<?> answer) {
        DriverRegistry drivers = DriverRegistry.get();
        var said = new AtomicReference<>("");
        Runnable say = () -> {
            drivers.progress(repository)
                    .filter(progress -> !progress.equals(said.getAndSet(progress)) && !isEnded())
                    .ifPresent(progress -> log("Cloning " + repository + ": " + progress));
        };
        ScheduledFuture<?> saying = drivers.timer()
                .scheduleWithFixedDelay(
                        () -> drivers.pool().execute(say), SECONDS_TO_PROGRESS, SECONDS_TO_PROGRESS, TimeUnit.SECONDS);
        answer.whenComplete((done, failure) -> saying.cancel(false));
    }

    public final void log(String line) {
        try {
            need(TaskListener.class).getLogger().println(line);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, "Not logged: " + line, e);
        }
    }
}
