package io.jenkins.plugins.gitops.steps.base;

import com.google.common.annotations.VisibleForTesting;
import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.runtime.executors.PluginExecutors;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * A step that waits without a thread, continues after a restart of the controller, and ends once, also if an answer and
 * an abort arrive at the same time. Its timers and its subscription are not saved: {@link #subscribe} creates them, and
 * they are released at the end.
 *
 * <p>The other fields of the subclasses are saved in {@code program.dat} under their names, which therefore stay. They
 * are texts, numbers, enumerations and small serializable records or collections of these.
 */
public abstract class ResumableExecution extends StepExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(ResumableExecution.class.getName());

    private static final int PROGRESS_SECONDS = 5;

    /** The interval at which the log says that a step still waits for the same. */
    private static final long REMINDER_MILLIS = Duration.ofHours(1).toMillis();

    /** The interval at which a step that has ended looks whether the disk has space for what follows. */
    private static final int SPACE_SECONDS = 5;

    private static final String NO_SPACE =
            "The step has ended, and the build goes on once the disk of $JENKINS_HOME has"
                    + " space, where Jenkins saves it; make room there.";

    private transient boolean ended;

    /** Tells Pipeline later how the step has ended; null if it is told, or the step has not ended. */
    @CheckForNull
    private transient ScheduledFuture<?> heldBack;

    /** By name; null before the first one, also after a restart. */
    @CheckForNull
    private transient Map<String, ScheduledFuture<?>> timers;

    @CheckForNull
    private transient Subscription subscription;

    /** The call for this step that may block; null if there is none. */
    @CheckForNull
    private transient Subscription call;

    @CheckForNull
    private transient volatile WaitReason waitReason;

    /** Why the step waits, the pages that lead further, and since when, in milliseconds. */
    private record WaitReason(String sentence, LogLinks links, long since) {}

    protected ResumableExecution(StepContext context) {
        super(context);
    }

    /** Writes data of a step to the delivery action of the build. */
    @FunctionalInterface
    protected interface BuildRecord {

        /**
         * Writes the data.
         *
         * @param now in milliseconds
         */
        void writeTo(DeliveryAction delivery, long now) throws IOException;
    }

    /**
     * Submits a request to the driver or opens a subscription, using the saved fields only. Called by the start of the
     * step and again after each restart.
     */
    protected abstract void subscribe();

    @Override
    public void onResume() {
        subscribe();
    }

    /**
     * Calls {@link #subscribe} when the state of the build is on disk, for actions that must be known after a restart.
     * The step fails if the state cannot be saved.
     */
    protected final void subscribeOnceSaved() throws IOException, InterruptedException {
        String build = need(Run.class).getExternalizableId();
        ListenableFuture<Void> saved = getContext().saveState();
        saved.addListener(
                () -> {
                    if (isSaved(saved, build)) {
                        subscribe();
                    }
                },
                DriverRegistry.get().executors().callbacks());
    }

    /**
     * Saves the fields for the time after a restart. On a full disk they stay as they were saved before: Pipeline ends a
     * build whose program it cannot write, and this one may wait until there is space again.
     */
    protected final void saveForRestart() {
        if (hasSpace()) {
            getContext().saveState();
        }
    }

    private boolean isSaved(ListenableFuture<Void> saved, String build) {
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

    @Override
    public void stop(Throwable cause) throws Exception {
        if (end() || stopHoldingBack()) {
            super.stop(cause);
        }
    }

    protected final synchronized boolean isEnded() {
        return ended;
    }

    private boolean end() {
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
            release();
            if (call != null) {
                call.close();
                call = null;
            }
        }
        onEnd();
        return true;
    }

    /** Called once, when the step has ended in any way, before Pipeline continues. */
    protected void onEnd() {}

    protected final void succeed(@CheckForNull Object result) {
        if (end()) {
            tell(() -> getContext().onSuccess(result));
        }
    }

    protected final void fail(Throwable failure) {
        if (end()) {
            tell(() -> getContext().onFailure(withoutStackTrace(failure)));
        }
    }

    /**
     * Tells Pipeline how the step has ended. On a full disk that is held back until there is space: Pipeline ends a build
     * whose next step it cannot save, and its result would be lost at a restart.
     */
    private void tell(Runnable outcome) {
        if (hasSpace()) {
            outcome.run();
            return;
        }
        LOGGER.warning(() -> getContext() + ": " + NO_SPACE);
        waitReason = new WaitReason(NO_SPACE, new LogLinks(), now());
        tellLater(outcome);
    }

    private synchronized void tellLater(Runnable outcome) {
        PluginExecutors executors = DriverRegistry.get().executors();
        heldBack = executors
                .timer()
                .schedule(
                        () -> executors.callbacks().execute(() -> tellHeldBack(outcome)),
                        SPACE_SECONDS,
                        TimeUnit.SECONDS);
    }

    private void tellHeldBack(Runnable outcome) {
        boolean space = hasSpace();
        synchronized (this) {
            if (heldBack == null) {
                // The build was aborted meanwhile.
                return;
            }
            if (space) {
                heldBack = null;
            } else {
                tellLater(outcome);
                return;
            }
        }
        outcome.run();
    }

    /** Does not tell any more what is held back; returns whether something was. */
    private synchronized boolean stopHoldingBack() {
        ScheduledFuture<?> later = heldBack;
        heldBack = null;
        if (later != null) {
            later.cancel(false);
        }
        return later != null;
    }

    /** Whether the disk has space for what is saved of the build. */
    @VisibleForTesting
    boolean hasSpace() {
        try {
            return FreeSpace.isLeft(need(Run.class).getRootDir().toPath());
        } catch (IOException | InterruptedException e) {
            return true;
        }
    }

    /** Expected failures have a sentence for people and need no stack trace; the cause stays for conditions. */
    private static Throwable withoutStackTrace(Throwable failure) {
        if (failure instanceof GitOpsException || failure instanceof IllegalArgumentException) {
            return new AbortException(failure.getMessage()).initCause(failure);
        }
        return failure;
    }

    /**
     * Runs an action on the pool after a delay, unless the step ends before. It replaces the timer of the same name.
     *
     * @param millis the delay; a negative one is none
     */
    protected final synchronized void schedule(String timer, long millis, Runnable action) {
        cancel(timer);
        if (!ended) {
            if (timers == null) {
                timers = new HashMap<>();
            }
            PluginExecutors executors = DriverRegistry.get().executors();
            timers.put(
                    timer,
                    executors
                            .timer()
                            .schedule(
                                    () -> executors.callbacks().execute(action),
                                    Math.max(0, millis),
                                    TimeUnit.MILLISECONDS));
        }
    }

    protected final synchronized void cancel(String timer) {
        ScheduledFuture<?> scheduled = timers == null ? null : timers.remove(timer);
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }

    /**
     * Runs work that waits for an agent or another system, which may never answer, on a thread of the build. At the end
     * of the step, also by an abort or a timeout, the work is interrupted, and no longer takes one of the places that a
     * build has. The step fails if the work takes too long.
     *
     * @param asked the system that has to answer, as the beginning of a sentence
     */
    protected final void runBlocking(String asked, Runnable work) {
        String build;
        try {
            build = need(Run.class).getExternalizableId();
        } catch (IOException | InterruptedException e) {
            fail(e);
            return;
        }
        synchronized (this) {
            if (!ended) {
                call = DriverRegistry.get().executors().builds().submit(build, work, why -> onGivenUp(asked, why));
            }
        }
    }

    private void onGivenUp(String asked, String why) {
        DriverRegistry.get()
                .executors()
                .callbacks()
                .execute(() -> fail(new AbortException(asked + " is given up: " + why + ".")));
    }

    /** Opens the subscription of this step, unless it has one or has ended. */
    protected final synchronized void openSubscription(Supplier<Subscription> opened) {
        if (!ended && subscription == null) {
            subscription = opened.get();
        }
    }

    /** Cancels the timers and closes the subscription. */
    protected final synchronized void release() {
        if (timers != null) {
            timers.values().forEach(timer -> timer.cancel(false));
            timers.clear();
        }
        if (subscription != null) {
            subscription.close();
            subscription = null;
        }
    }

    /**
     * Whether the job of the build may still do something to these waves; if not, the step fails. A step that waited
     * checks again before it continues. A repository that is not configured any more is not a refusal here: the driver
     * reports it, and the step continues when the repository is configured again.
     */
    protected final boolean isStillAllowed(String repository, RepositoryPower power, String... waves) {
        try {
            Optional<RepositoryDefinition> configured =
                    GitOpsWavesConfiguration.get().findRepository(repository);
            if (configured.isPresent()) {
                StepArguments.require(configured.get(), need(Run.class), power, waves);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
        return false;
    }

    /** Sets the reason for which the step waits, for its status; returns whether it differs from the previous one. */
    protected final boolean setWaitReason(String reason) {
        return setWaitReason(reason, new LogLinks());
    }

    /** The same with the pages that the log links to when it says once an hour that the step still waits. */
    protected final boolean setWaitReason(String reason, LogLinks links) {
        if (reason.equals(waitReason())) {
            return false;
        }
        waitReason = new WaitReason(reason, links, now());
        schedule("reminder", REMINDER_MILLIS, this::remind);
        return true;
    }

    private void remind() {
        WaitReason reason = waitReason;
        if (reason != null && !isEnded()) {
            long minutes = Duration.ofMillis(now() - reason.since()).toMinutes();
            log(
                    "Still waiting, for " + Durations.format(Duration.ofMinutes(minutes)) + ": " + reason.sentence(),
                    reason.links());
            schedule("reminder", REMINDER_MILLIS, this::remind);
        }
    }

    protected final void clearWaitReason() {
        waitReason = null;
    }

    /** Why the step waits, a sentence, or null while it is not known to wait. */
    @CheckForNull
    protected final String waitReason() {
        WaitReason reason = waitReason;
        return reason == null ? null : reason.sentence();
    }

    /** The status of a step that waits: what it does, and the reason if there is one. */
    protected final String statusWithReason(String activity) {
        String reason = waitReason();
        return reason == null ? activity : activity + ": " + reason;
    }

    /** Returns an object that the descriptor requires of the context. */
    protected final <T> T need(Class<T> key) throws IOException, InterruptedException {
        return Objects.requireNonNull(getContext().get(key));
    }

    /**
     * The time for which Jenkins was down since a time, in milliseconds. Nobody waited in it, so that it counts against
     * no timeout.
     */
    protected static long downSince(long millis) {
        return DriverRegistry.get().downSince(Instant.ofEpochMilli(millis)).toMillis();
    }

    /** The time of the drivers, in milliseconds. */
    protected static long now() {
        return DriverRegistry.get().clock().millis();
    }

    /**
     * Writes data to the build. A failure is only logged, since the change has been made already.
     *
     * @param subject the name of the data, for the log of Jenkins
     */
    protected final void recordOnBuild(String subject, BuildRecord written) {
        try {
            written.writeTo(DeliveryAction.of(need(Run.class)), now());
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, "Could not save " + subject, e);
        }
    }

    /** Records how the commit of a change changes the images, when the driver has compared them. */
    protected final void recordImageChanges(DeliveryAction delivery, String change) {
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
                LOGGER.log(Level.WARNING, "Could not save the images of " + change, e);
            }
        });
    }

    /**
     * Logs the progress of a clone or of the generator every {@value #PROGRESS_SECONDS} seconds until the answer that
     * needs it is there.
     */
    protected final void logProgress(String repository, CompletableFuture<?> answer) {
        DriverRegistry drivers = DriverRegistry.get();
        var logged = new AtomicReference<>("");
        Runnable logIfNew = () -> {
            drivers.progress(repository)
                    .filter(progress -> !progress.equals(logged.getAndSet(progress)) && !isEnded())
                    .ifPresent(progress -> log(progress));
        };
        PluginExecutors executors = drivers.executors();
        ScheduledFuture<?> logging = executors
                .timer()
                .scheduleWithFixedDelay(
                        () -> executors.callbacks().execute(logIfNew),
                        PROGRESS_SECONDS,
                        PROGRESS_SECONDS,
                        TimeUnit.SECONDS);
        answer.whenComplete((done, failure) -> logging.cancel(false));
    }

    /** Logs a text, which may have parts that others wrote, as a single line. */
    protected final void log(String text) {
        println(SingleLine.whole(text));
    }

    /** Logs in the same way a text with names that lead to pages. */
    protected final void log(String text, LogLinks links) {
        println(links.applyTo(SingleLine.whole(text)));
    }

    /** Logs in the same way what belongs to the line before. */
    protected final void logDetail(String text) {
        println("  " + SingleLine.whole(text));
    }

    private void println(String line) {
        try {
            need(TaskListener.class).getLogger().println(line);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, "Not logged: " + line, e);
        }
    }
}
