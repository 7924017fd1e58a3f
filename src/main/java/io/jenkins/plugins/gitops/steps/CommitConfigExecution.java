package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.CiSkipMarker;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.common.WaveFrozen;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.ChangePreview;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PrepareChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewChange;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.runtime.JobIdentities;
import io.jenkins.plugins.gitops.steps.base.AppCommit;
import io.jenkins.plugins.gitops.steps.base.BodyStepExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.triggers.ImageAnnouncement;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Appends a change to the auto branch. Its id is saved with the build before anything is pushed, so that a build that
 * is resumed submits the same change again and cannot commit it twice.
 */
final class CommitConfigExecution extends BodyStepExecution {

    private static final long serialVersionUID = 1L;

    private final transient CommitConfigStep step;
    private String id;
    private String repository;
    private String wave;
    private String imagesJson;
    private boolean replace;
    private boolean redeliver;
    private boolean dryRun;

    /** The text of a {@link io.jenkins.plugins.gitops.changes.BuildSequence}. */
    private String order;

    /** The time at which the build started, in milliseconds; 0 if the order alone says which change is newer. */
    private long buildStarted;

    /** The interval at which the driver is asked while the wave is frozen, in milliseconds. */
    private long pollMillis;

    /** The name of the image set, or null where the only one has none. */
    @CheckForNull
    private String set;

    @CheckForNull
    private String appSha;

    @CheckForNull
    private String subject;

    @CheckForNull
    private String buildUrl;

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
        pollMillis = settings.pollInterval().toMillis();
        readBody("commitConfig", step.getBodyPaths(), settings.generatedPaths());
        Optional<ImageAnnouncement> announced =
                step.getImages() == null ? ImageAnnouncement.of(run, repository) : Optional.empty();
        wave = wave(configured, run);
        String named = step.getSet();
        set = StepArguments.set(
                        configured,
                        named != null
                                ? named
                                : announced.flatMap(ImageAnnouncement::set).orElse(null))
                .orElse(null);
        imagesJson = images(run, announced).toJson();
        replace = settings.isReplaced(Optional.ofNullable(set))
                || step.isReplace()
                || announced.filter(ImageAnnouncement::isReplace).isPresent();
        redeliver = step.isRedeliver()
                || announced.filter(ImageAnnouncement::isRedeliver).isPresent();
        dryRun = step.isDryRun();
        appSha = appSha(announced);
        subject = StepArguments.limited(step.getMessage(), "message");
        CiSkipMarker.warning(subject == null ? settings.messageTemplate() : subject)
                .ifPresent(warning -> log("Warning: " + warning));
        order = announced
                .flatMap(ImageAnnouncement::order)
                .orElseGet(() -> JobIdentities.get().of(run.getParent()) + "#" + run.getNumber());
        // Announcements may arrive in any order, so that only their own numbers say which one is newer.
        buildStarted = announced.flatMap(ImageAnnouncement::order).isPresent() ? 0 : run.getTimeInMillis();
        buildUrl = StepArguments.url(run).orElse(null);
        id = NewChange.newId();
        startTimeout(step.getTimeout());
        subscribeOnceSaved();
        return false;
    }

    private String wave(RepositoryDefinition configured, Run<?, ?> run) throws AbortException {
        Wave chosen;
        try {
            chosen = configured.toSettings().waveForCommits(Optional.ofNullable(step.getWave()));
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
        StepArguments.require(configured, run, RepositoryPower.COMMIT, chosen.name());
        return chosen.name();
    }

    private WavePath path() {
        return WavePath.of(wave, set);
    }

    /** The given images, else those announced to the build, replaced where the build has recorded others. */
    private ImageSet images(Run<?, ?> run, Optional<ImageAnnouncement> announced) throws AbortException {
        Object given = step.getImages();
        ImageSet found;
        try {
            if (given == null) {
                DeliveryAction delivery = DeliveryAction.of(run);
                delivery.getInheritedImages().ifPresent(this::log);
                found = announced
                        .map(ImageAnnouncement::images)
                        .orElse(ImageSet.EMPTY)
                        .mergedWith(delivery.toImageSet());
            } else if (given instanceof Map<?, ?> map) {
                found = ImageSet.fromMap(map);
            } else if (given instanceof CharSequence json) {
                if (!json.toString().isBlank() && !json.toString().strip().matches("(?s)[{\\[].*")) {
                    throw new AbortException("commitConfig takes images: as a map or as JSON text, and \""
                            + SingleLine.excerpt(json.toString())
                            + "\" is neither; of a file in the workspace pass the text, as"
                            + " images: readFile('images.json') does.");
                }
                found = ImageSet.parse(json.toString());
            } else {
                throw new AbortException("commitConfig takes images: as a map or as JSON text, not as "
                        + StepArguments.kind(given) + ".");
            }
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
        if (found.isEmpty()) {
            throw new AbortException(
                    "commitConfig has no images to write; record them with recordImage before, or pass them as "
                            + "images:.");
        }
        return found;
    }

    /** The given commit, else the announced one, else that of the tags, else the one that the build has checked out. */
    @CheckForNull
    private String appSha(Optional<ImageAnnouncement> announced) throws IOException, InterruptedException {
        String given = step.getAppSha();
        if (given == null && announced.isPresent()) {
            return announced.get().appSha().orElse(null);
        }
        if (given != null) {
            return StepArguments.fullSha(given, "appSha:");
        }
        EnvVars environment = getContext().get(EnvVars.class);
        String checkedOut = environment == null ? null : Util.fixEmptyAndTrim(environment.get("GIT_COMMIT"));
        List<String> tags = ImageSet.parse(imagesJson).images().values().stream()
                .map(ImageRef::tag)
                .toList();
        AppCommit commit = AppCommit.of(tags, checkedOut);
        commit.disagreement().ifPresent(this::log);
        return commit.sha().isEmpty()
                ? null
                : StepArguments.fullSha(commit.sha().get(), "appSha:");
    }

    private NewChange change() {
        ChangeTrailers trailers = ChangeTrailers.builder(
                        id, replace ? ChangeOperation.REPLACE : ChangeOperation.ANNOUNCE, path())
                .appSha(appSha)
                .order(BuildSequence.of(order))
                .reason("new images published")
                .buildUrl(buildUrl)
                .build();
        return new NewChange(trailers, ImageSet.parse(imagesJson))
                .startedAt(Instant.ofEpochMilli(buildStarted))
                .withSubject(subject)
                .redelivering(redeliver);
    }

    @Override
    protected String repository() {
        return repository;
    }

    @Override
    protected boolean mayAsk() {
        return isStillAllowed(repository, RepositoryPower.COMMIT, wave);
    }

    @Override
    protected void prepare() {
        request(repository, new PrepareChange(change()), this::layOut);
    }

    @Override
    protected void makeChange(@Nullable BodyChanges body) {
        if (isEnded()) {
            return;
        }
        NewChange change = change().withBody(body);
        if (dryRun) {
            submit(new PreviewChange(change), body, this::onPreview);
        } else {
            submit(new AppendChange(change), body, this::onSubmitted);
        }
    }

    private <T> void submit(DriverRequest<T> request, @Nullable BodyChanges body, Consumer<T> onAnswer) {
        request(repository, request, onAnswer, failure -> {
            if (failure instanceof WaveFrozen frozen) {
                waitUntilOpen(frozen, body);
            } else {
                if (failure instanceof RequestRefused) {
                    recordReason(EntryState.REFUSED, failure.getMessage());
                }
                fail(failure);
            }
        });
    }

    /** Submits the change again when the wave may be open, or a newer build may have superseded this one. */
    private void waitUntilOpen(WaveFrozen frozen, @Nullable BodyChanges body) {
        leaveLine();
        String reason = frozen.getMessage();
        if (setWaitReason(reason)) {
            log("Waiting to commit to " + path() + ": " + reason);
            recordReason(EntryState.WAITING, reason);
        }
        long left = Math.max(1, frozen.until().toEpochMilli() - now());
        schedule("poll", Math.min(left, pollMillis), () -> makeChange(body));
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        String reason = waitReason();
        if (reason != null && !isEnded()) {
            recordReason(EntryState.REFUSED, "The build ended while it waited: " + reason);
        }
        super.stop(cause);
    }

    /** Records in the build why the change is not on the auto branch. */
    private void recordReason(EntryState state, String reason) {
        if (!dryRun) {
            recordOnBuild(
                    "why " + order + " has not committed",
                    (delivery, now) -> delivery.record(ChangeEntry.waiting(repository, path(), id, buildStarted)
                            .because(state, reason, now)));
        }
    }

    private void onPreview(ChangePreview preview) {
        if (isEnded() || !recordDryRun(id, path(), preview.diff())) {
            return;
        }
        SubmittedChange change = preview.submitted();
        log(
                change.id().isEmpty()
                        ? "Dry run: the build page shows what would be committed to " + path() + " of " + repository
                                + "; nothing was pushed."
                        : summary(change));
        succeed(StepResults.change(change));
    }

    private void onSubmitted(SubmittedChange change) {
        recordOnBuild("the change " + change.id() + " with " + order, (delivery, now) -> {
            delivery.record(ChangeEntry.submitted(repository, path(), change, now));
            recordImageChanges(delivery, change.id());
        });
        if (!isEnded()) {
            log(summary(change));
            StepResults.takenAlong(change).forEach(this::log);
            succeed(StepResults.change(change));
        }
    }

    private String summary(SubmittedChange change) {
        return switch (change.state()) {
            case SUPERSEDED, SUPERSEDED_IN_QUEUE ->
                "Nothing to commit: a later build of this job has written all of " + "these services to " + path()
                        + " of " + repository + " already.";
            case UNCHANGED ->
                "Nothing to commit: main of " + repository + " has these images in " + path() + " already.";
            case ATTACHED ->
                "Nothing to commit: change " + change.id() + " brings these images to " + path() + " of " + repository
                        + " already; this build shares its verdict.";
            case COMMITTED ->
                "Committed change " + change.id() + " to " + path() + " of " + repository + " as " + change.sha()
                        + "; CI decides whether it is merged.";
        };
    }

    @Override
    public String getStatus() {
        return status(statusWithReason("committing to " + path() + " of " + repository));
    }
}
