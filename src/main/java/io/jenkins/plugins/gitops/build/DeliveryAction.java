package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.EnvironmentContributingAction;
import hudson.model.Run;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.driver.Previews;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import jenkins.model.RunAction2;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The images of a build, what became of its changes, and the rollouts and promotions it asked for. Each list is
 * replaced, never altered, so that a save at the same moment writes one or the other.
 */
@ExportedBean
@Restricted(NoExternalUse.class)
public final class DeliveryAction implements RunAction2, EnvironmentContributingAction {

    private volatile List<RecordedImage> images = new ArrayList<>();
    private volatile List<DeliveredChange> changes = new ArrayList<>();
    private volatile List<DeliveredPromotion> promotions = new ArrayList<>();
    private volatile List<DeliveredRollout> rollouts = new ArrayList<>();
    private volatile List<DeliveredDryRun> dryRuns = new ArrayList<>();

    @CheckForNull
    private transient volatile Run<?, ?> run;

    /** The action of the build, made when it has none. */
    public static DeliveryAction of(Run<?, ?> run) {
        synchronized (run) {
            DeliveryAction action = run.getAction(DeliveryAction.class);
            if (action == null) {
                action = new DeliveryAction();
                run.addAction(action);
            }
            return action;
        }
    }

    /**
     * Keeps images with the build; a service recorded again replaces what was recorded first.
     *
     * @throws IllegalArgumentException if parallel branches have recorded one service with different digests
     */
    public synchronized void record(List<RecordedImage> recorded) throws IOException {
        Map<String, RecordedImage> byService = new TreeMap<>();
        images.forEach(known -> byService.put(known.getService(), known));
        for (RecordedImage image : recorded) {
            RecordedImage before = byService.put(image.getService(), image);
            if (before != null && image.isRivalOf(before)) {
                throw new IllegalArgumentException("Two parallel branches of this build have recorded the service "
                        + image.getService() + ", one as " + before.getDigest() + " and one as " + image.getDigest()
                        + "; record it in one of them, or give each its own service name.");
            }
        }
        images = new ArrayList<>(byService.values());
        save();
    }

    /** Keeps a change with the build; the same change again replaces what was known of it. */
    public synchronized void record(DeliveredChange change) throws IOException {
        List<DeliveredChange> next = new ArrayList<>(changes);
        next.removeIf(known -> known.getId().equals(change.getId()));
        next.add(change);
        changes = next;
        save();
    }

    /** Keeps what a commit of a change does to the images of its wave. */
    public synchronized void record(String change, Previews.ImageDiff images) throws IOException {
        List<DeliveredChange> next = new ArrayList<>(changes);
        next.replaceAll(known -> known.getId().equals(change) ? known.with(images.before(), images.after()) : known);
        changes = next;
        save();
    }

    /** Keeps what was seen of a change, and saves it if it is more than another wording. */
    public synchronized void seen(String repository, ChangeStatus status, long now) throws IOException {
        List<DeliveredChange> next = new ArrayList<>(changes);
        DeliveredChange before = change(status.id()).orElseGet(() -> new DeliveredChange(repository, status.id(), now));
        DeliveredChange after = before.withStatus(status, now);
        int at = next.indexOf(before);
        if (at >= 0) {
            next.set(at, after);
        } else {
            next.add(after);
        }
        changes = next;
        if (at < 0 || after.differsFrom(before)) {
            save();
        }
    }

    /** Keeps what was seen of a rollout, and saves it if it is more than another wording. */
    public synchronized void seen(DeliveredRollout rollout) throws IOException {
        List<DeliveredRollout> next = new ArrayList<>(rollouts);
        DeliveredRollout before =
                next.stream().filter(rollout::isSameWait).findFirst().orElse(null);
        next.remove(before);
        next.add(rollout);
        rollouts = next;
        if (before == null || rollout.differsFrom(before)) {
            save();
        }
    }

    /** Keeps what was seen of a promotion. */
    public synchronized void seen(DeliveredPromotion promotion) throws IOException {
        List<DeliveredPromotion> next = new ArrayList<>(promotions);
        next.removeIf(promotion::isSameWish);
        next.add(promotion);
        promotions = next;
        save();
    }

    /**
     * Keeps what a change would be; the same again replaces what was known of it.
     *
     * @param diff as {@code git diff} shows it, empty if it would be none
     */
    public synchronized void record(DeliveredDryRun dryRun, String diff) throws IOException {
        Run<?, ?> attachedTo = run;
        if (attachedTo != null) {
            Files.writeString(attachedTo.getRootDir().toPath().resolve(dryRun.file()), diff);
        }
        List<DeliveredDryRun> next = new ArrayList<>(dryRuns);
        next.removeIf(known -> known.file().equals(dryRun.file()));
        next.add(dryRun);
        dryRuns = next;
        save();
    }

    /** What a change would be, as {@code git diff} shows it, empty if it would be none; null if that is gone. */
    @CheckForNull
    public String diff(DeliveredDryRun dryRun) throws IOException { // jelly access only
        Run<?, ?> attachedTo = run;
        Path file = attachedTo == null ? null : attachedTo.getRootDir().toPath().resolve(dryRun.file());
        return file == null || !Files.exists(file)
                ? null
                : new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private void save() throws IOException {
        Run<?, ?> attachedTo = run;
        if (attachedTo != null) {
            attachedTo.save();
        }
    }

    @Exported(visibility = 2)
    public List<RecordedImage> getImages() {
        return Collections.unmodifiableList(images);
    }

    @Exported(visibility = 2)
    public List<DeliveredChange> getChanges() {
        return Collections.unmodifiableList(changes);
    }

    @Exported(visibility = 2)
    public List<DeliveredPromotion> getPromotions() {
        return Collections.unmodifiableList(promotions);
    }

    @Exported(visibility = 2)
    public List<DeliveredRollout> getRollouts() {
        return Collections.unmodifiableList(rollouts);
    }

    @Exported(visibility = 2)
    public List<DeliveredDryRun> getDryRuns() {
        return Collections.unmodifiableList(dryRuns);
    }

    /** Changes, dry runs, promotions and rollouts, in the order in which they began. */
    public List<TimelineEntry> getTimeline() { // jelly access only
        List<TimelineEntry> all = new ArrayList<>(promotions);
        all.addAll(changes);
        all.addAll(rollouts);
        all.addAll(dryRuns);
        all.sort(Comparator.comparingLong(TimelineEntry::getSince));
        return all;
    }

    /** Everything this build recorded. */
    public ImageSet toImageSet() {
        Map<String, ImageRef> byService = new TreeMap<>();
        images.forEach(image -> byService.put(image.getService(), image.toImage()));
        return ImageSet.of(byService);
    }

    /** The image of a service, if this build recorded one. */
    public Optional<RecordedImage> image(String service) {
        return images.stream()
                .filter(image -> image.getService().equals(service))
                .findFirst();
    }

    /** What this build recorded, or, in one that recorded nothing, what its changes write. */
    public Map<String, ImageRef> deliveredImages() {
        if (!images.isEmpty()) {
            return toImageSet().images();
        }
        Map<String, ImageRef> written = new TreeMap<>();
        changes.forEach(change -> change.getImages().forEach(image -> {
            ImageRef after = image.after();
            if (after != null) {
                written.put(image.getService(), after);
            }
        }));
        return written;
    }

    /** The waves, and sets where they have names, to which this build delivered in a repository. */
    public Set<String> places(String repository) {
        Set<String> places = new TreeSet<>();
        changes.stream()
                .filter(change -> change.getRepository().equals(repository))
                .forEach(change -> places.add(change.getWave()));
        rollouts.stream()
                .filter(rollout -> rollout.getRepository().equals(repository))
                .forEach(rollout -> places.add(rollout.getWave()));
        return places;
    }

    /** The change of that id, if this build knows it. */
    public Optional<DeliveredChange> change(String id) {
        return changes.stream().filter(change -> change.getId().equals(id)).findFirst();
    }

    /** The last change that this build made in the repository. */
    public Optional<DeliveredChange> lastChange(String repository) {
        return changes.stream()
                .filter(change -> change.getRepository().equals(repository) && change.isAppended())
                .reduce((earlier, later) -> later);
    }

    /** The last change that this build made in a wave of the repository, or in one set of it. */
    public Optional<DeliveredChange> lastChange(String repository, String wave) {
        return changes.stream()
                .filter(change -> change.getRepository().equals(repository)
                        && change.isAppended()
                        && (change.getWave().equals(wave)
                                || WavePath.wave(change.getWave()).equals(wave)))
                .reduce((earlier, later) -> later);
    }

    /** Where the application's commit behind an image can be seen, while only one place for that is configured. */
    @CheckForNull
    public String link(RecordedImage image) { // jelly access only
        return SafeLinks.appCommit(image.getAppSha());
    }

    /** The build, for the page of this action. */
    @CheckForNull
    public Run<?, ?> getObject() { // jelly access only
        return run;
    }

    /** Whether there is nothing to show. */
    public boolean isEmpty() { // jelly access only
        return images.isEmpty() && getTimeline().isEmpty();
    }

    /** Tells later stages the digest of each recorded image, as a full reference: {@code GITOPS_IMAGE_MY_APP_DIGEST}. */
    @Override
    public void buildEnvironment(Run<?, ?> r, EnvVars env) {
        for (RecordedImage image : images) {
            String service = image.getService().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
            env.put("GITOPS_IMAGE_" + service + "_DIGEST", image.getDigest());
        }
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        run = r;
    }

    /** Builds of earlier versions knew neither promotions, rollouts nor dry runs. */
    private Object readResolve() {
        promotions = Util.fixNull(promotions);
        rollouts = Util.fixNull(rollouts);
        dryRuns = Util.fixNull(dryRuns);
        return this;
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return isEmpty() ? null : "symbol-paper-plane-outline";
    }

    @Override
    public String getDisplayName() {
        return Messages.DeliveryAction_DisplayName();
    }

    @Override
    public String getUrlName() {
        return "delivery";
    }
}
