package io.jenkins.plugins.gitops.steps;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.WaveFrozen;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.ChangePreview;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PrepareChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewChange;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.BodyChanges;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.BodyStepExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Has a change appended. Its id is saved with the build before anything is pushed, so that a build that is resumed asks
 * for the same change again and cannot commit it twice.
 */
final class CommitConfigExecution extends BodyStepExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(CommitConfigExecution.class.getName());

    private final transient CommitConfigStep step;
    private String id;
    private String repository;
    private String wave;
    private String images;
    private boolean replace;
    private boolean dryRun;
    private String order;
    private long began;

    /** The name of the image set, or null where the only one has none. */
    @CheckForNull
    private String set;

    @CheckForNull
    private String appSha;

    @CheckForNull
    private String subject;

    @CheckForNull
    private String build;

    /** How often to ask while the wave is frozen, in milliseconds. */
    private long interval;

    @CheckForNull
    private transient ScheduledFuture<?> timer;

    @CheckForNull
    private transient volatile String waitingFor;

    CommitConfigExecution(StepContext context, CommitConfigStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = need(Run.class);
        RepositoryDefinition configured = StepArguments.repository(step.getRepo(), run);
        RepositorySettings settings = configured.toSettings();
        repository = settings.name();
        interval = settings.pollInterval().toMillis();
        readBody("commitConfig", step.getBodyPaths(), settings.generatedPaths());
        Optional<ImageAnnouncement> announced =
                step.getImages() == null ? ImageAnnouncement.of(run, repository) : Optional.empty();
        wave = wave(configured, run);
        String named = step.getSet();
        set = StepArguments.set(
                configured,
                named != null ? named : announced.flatMap(ImageAnnouncement::set).orElse(null));
        images = images(run, announced).toJson();
        replace = step.isReplace();
        dryRun = step.isDryRun();
        appSha = appSha(announced);
        subject = step.getMessage();
        order = announced
                .flatMap(ImageAnnouncement::order)
                .orElse(run.getParent().getFullName() + "#" + run.getNumber());
        // Announcements may arrive in any order, so that their own numbers alone say who is newer.
        began = announced.flatMap(ImageAnnouncement::order).isPresent() ? 0 : run.getTimeInMillis();
        build = StepArguments.url(run);
        id = NewChange.newId();
        ListenableFuture<Void> saved = getContext().saveState();
        saved.addListener(() -> appendOnceSaved(saved), DriverRegistry.get().pool());
        return false;
    }

    private String wave(RepositoryDefinition configured, Run<?, ?> run) throws AbortException {
        Wave chosen;
        try {
            chosen = configured.toSettings().waveForCommits(step.getWave());
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
        return StepArguments.writable(configured, chosen, run).name();
    }

    private WavePath path() {
        return WavePath.of(wave, set);
    }

    /** What is given, or what the build was announced with and has recorded, of which the latter is the later word. */
    private ImageSet images(Run<?, ?> run, Optional<ImageAnnouncement> announced) throws AbortException {
        Object given = step.getImages();
        ImageSet found;
        try {
            if (given == null) {
                found = announced
                        .map(ImageAnnouncement::images)
                        .orElse(ImageSet.EMPTY)
                        .mergedWith(DeliveryAction.of(run).toImageSet());
            } else if (given instanceof Map<?, ?> map) {
                found = ImageSet.fromMap(map);
            } else if (given instanceof CharSequence json) {
                found = ImageSet.parse(json.toString());
            } else {
                throw new AbortException("commitConfig takes images: as a map or as JSON text, not as "
                        + given.getClass().getSimpleName() + ".");
            }
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
        if (found.isEmpty()) {
            throw new AbortException(
                    "commitConfig has no images to write; record them with recordImage before, or pass them as images:.");
        }
        return found;
    }

    /** What is given, else what was announced, else what the build has checked out. */
    @CheckForNull
    private String appSha(Optional<ImageAnnouncement> announced) throws IOException, InterruptedException {
        String given = step.getAppSha();
        if (given == null && announced.isPresent()) {
            return announced.get().appSha().orElse(null);
        }
        EnvVars environment = getContext().get(EnvVars.class);
        String sha = given != null || environment == null ? given : Util.fixEmptyAndTrim(environment.get("GIT_COMMIT"));
        return sha == null ? null : StepArguments.fullSha(sha, "appSha:");
    }

    private void appendOnceSaved(ListenableFuture<Void> saved) {
        if (isSaved(saved, order)) {
            subscribe();
        }
    }

    private NewChange change() {
        return new NewChange(
                id,
                replace ? ChangeOperation.REPLACE : ChangeOperation.ANNOUNCE,
                path(),
                ImageSet.parse(images),
                appSha,
                order,
                Instant.ofEpochMilli(began),
                "new images published",
                subject,
                build);
    }

    @Override
    public String repository() {
        return repository;
    }

    @Override
    public void prepare() {
        DriverRegistry.get().submit(repository, new PrepareChange(change())).whenComplete((tree, failure) -> {
            if (failure == null) {
                layOut(tree);
            } else {
                fail(failure);
            }
        });
    }

    @Override
    public void submit(@Nullable BodyChanges body) {
        if (isEnded()) {
            return;
        }
        NewChange change = change().with(body);
        if (dryRun) {
            answer(DriverRegistry.get().submit(repository, new PreviewChange(change)), body, this::tried);
        } else {
            answer(DriverRegistry.get().submit(repository, new AppendChange(change)), body, this::appended);
        }
    }

    private <T> void answer(CompletableFuture<T> asked, @Nullable BodyChanges body, Consumer<T> answered) {
        logProgress(repository, asked);
        asked.whenComplete((answer, failure) -> {
            if (failure == null) {
                answered.accept(answer);
            } else if (failure instanceof WaveFrozen frozen) {
                waitOutside(frozen, body);
            } else {
                if (failure instanceof RequestRefused) {
                    keepWhy(EntryState.REFUSED, failure.getMessage());
                }
                fail(failure);
            }
        });
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        String reason = waitingFor;
        if (reason != null && !isEnded()) {
            keepWhy(EntryState.REFUSED, "The build ended while it waited: " + reason);
        }
        super.stop(cause);
    }

    /** Has the build show why its change is not on the auto branch. */
    private void keepWhy(EntryState state, String reason) {
        if (dryRun) {
            return;
        }
        try {
            long now = DriverRegistry.get().clock().millis();
            DeliveryAction.of(need(Run.class))
                    .record(ChangeEntry.waiting(repository, path(), id, began).because(state, reason, now));
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, "Could not keep why " + order + " has not committed", e);
        }
    }

    private void tried(ChangePreview tried) {
        if (isEnded() || !recordDryRun(id, path(), tried.diff())) {
            return;
        }
        log(
                tried.submitted().id().isEmpty()
                        ? "Dry run: the build page shows what would be committed to " + path() + " of " + repository
                                + "; nothing was pushed."
                        : summary(tried.submitted()));
        succeed(result(tried.submitted()));
    }

    /** Asks again when the wave may be open, or a newer build may have made this one superfluous. */
    private void waitOutside(WaveFrozen frozen, @Nullable BodyChanges body) {
        String reason = frozen.getMessage();
        if (!reason.equals(waitingFor)) {
            waitingFor = reason;
            log("Waiting to commit to " + path() + ": " + reason);
            keepWhy(EntryState.WAITING, reason);
        }
        DriverRegistry drivers = DriverRegistry.get();
        long left = Math.max(1, frozen.until().toEpochMilli() - drivers.clock().millis());
        synchronized (this) {
            if (!isEnded()) {
                timer = drivers.timer()
                        .schedule(
                                () -> drivers.pool().execute(() -> submit(body)),
                                Math.min(left, interval),
                                TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public synchronized void unsubscribe() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void appended(SubmittedChange appended) {
        try {
            DeliveryAction delivery = DeliveryAction.of(need(Run.class));
            delivery.record(ChangeEntry.submitted(
                    repository, path(), appended, DriverRegistry.get().clock().millis()));
            keepImages(delivery, appended.id());
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, "Could not keep the change " + appended.id() + " with " + order, e);
        }
        if (isEnded()) {
            return;
        }
        log(summary(appended));
        succeed(result(appended));
    }

    private static Map<String, Object> result(SubmittedChange appended) {
        Map<String, Object> result = new HashMap<>();
        result.put("id", appended.id());
        result.put("sha", appended.sha());
        result.put("changed", appended.changed());
        result.put("superseded", appended.superseded());
        return result;
    }

    private String summary(SubmittedChange appended) {
        if (appended.superseded()) {
            return "Nothing to commit: a later build of this job has written all of these services to " + path() + " of "
                    + repository + " already.";
        }
        if (!appended.changed()) {
            return "Nothing to commit: main of " + repository + " has these images in " + path() + " already.";
        }
        if (appended.attachedTo() != null) {
            return "Nothing to commit: change " + appended.attachedTo() + " brings these images to " + path() + " of "
                    + repository + " already; this build shares its verdict.";
        }
        return "Committed change " + appended.id() + " to " + path() + " of " + repository + " as " + appended.sha()
                + "; CI decides whether it is merged.";
    }

    @Override
    public String getStatus() {
        String reason = waitingFor;
        return status("committing to " + path() + " of " + repository + (reason == null ? "" : ": " + reason));
    }
}
