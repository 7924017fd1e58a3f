package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.EnvVars;
import hudson.ExtensionList;
import hudson.model.EnvironmentContributingAction;
import hudson.model.Run;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.RunAction2;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The images that a build recorded, and its timeline: changes, promotions, rollouts and dry runs. It is saved in
 * {@code build.xml} under the names of the classes and fields of this package, with texts, numbers and constants of
 * enumerations only. Each list is replaced, never altered, so that a save at the same moment writes one or the other.
 */
@ExportedBean
@Restricted(NoExternalUse.class)
public final class DeliveryAction implements RunAction2, EnvironmentContributingAction {

    private volatile List<RecordedImage> images = new ArrayList<>();
    private volatile List<TimelineEntry> timeline = new ArrayList<>();

    /** Null if the build restarts or replays no other build. */
    @CheckForNull
    private volatile InheritedDelivery inherited;

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

    /** Sets what the build inherits from the one that it restarts or replays. */
    void inherit(InheritedDelivery delivery) {
        inherited = delivery;
    }

    /**
     * Records images of the build; a service that is recorded again replaces the earlier image.
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

    /** Adds an entry to the end of the timeline, in place of an earlier one of the same thing, and saves the build. */
    public synchronized void record(TimelineEntry entry) throws IOException {
        List<TimelineEntry> next = new ArrayList<>(timeline);
        next.removeIf(entry::isSameAs);
        next.add(entry);
        timeline = next;
        save();
    }

    /** Records the present state of a rollout, and saves the build if more than a reason is new. */
    public synchronized void updateRollout(RolloutEntry rollout) throws IOException {
        RolloutEntry before = entries(RolloutEntry.class)
                .filter(rollout::isSameAs)
                .findFirst()
                .orElse(null);
        replace(before, rollout);
        if (before == null || rollout.differsFrom(before)) {
            save();
        }
    }

    /** Records the present state of a change, and saves the build if more than a reason is new. */
    public synchronized void updateChange(String repository, ChangeStatus status, long now) throws IOException {
        ChangeEntry before = change(status.id()).orElse(null);
        ChangeEntry after = (before == null ? ChangeEntry.ofOtherBuild(repository, status.id(), now) : before)
                .withStatus(status, now);
        replace(before, after);
        if (before == null || after.differsFrom(before)) {
            save();
        }
    }

    /**
     * Records how a change ended after this build, and saves the build.
     *
     * @param outcome a word, such as {@code merged}
     * @return whether that is new: nothing is recorded of a change that the build does not know, or whose end it knows
     */
    public synchronized boolean changeEnded(String id, String outcome, String reason, long at) throws IOException {
        Optional<ChangeEntry> known = getChanges().stream()
                .filter(change -> change.getId().equals(id))
                .findFirst();
        EntryState state = EntryState.valueOf(outcome.toUpperCase(Locale.ROOT));
        if (known.isEmpty() || known.get().state() == state) {
            return false;
        }
        replace(known.get(), known.get().because(state, reason, at));
        save();
        return true;
    }

    /** Records how the commit of a change changes the images of its wave. */
    public synchronized void recordImageChanges(String change, ImageSet before, ImageSet after) throws IOException {
        Optional<ChangeEntry> known = change(change);
        if (known.isPresent()) {
            replace(known.get(), known.get().withImages(before, after));
            save();
        }
    }

    /**
     * Records a dry run and its diff, in place of an earlier one of the same change.
     *
     * @param diff the diff in the format of {@code git diff}; empty if there would be no change
     */
    public synchronized void record(DryRunEntry dryRun, String diff) throws IOException {
        Run<?, ?> attachedTo = run;
        if (attachedTo != null) {
            Files.writeString(attachedTo.getRootDir().toPath().resolve(dryRun.file()), diff);
        }
        record(dryRun);
    }

    private void replace(@Nullable TimelineEntry before, TimelineEntry after) {
        List<TimelineEntry> next = new ArrayList<>(timeline);
        int at = next.indexOf(before);
        if (at < 0) {
            next.add(after);
        } else {
            next.set(at, after);
        }
        timeline = next;
    }

    private <T extends TimelineEntry> Stream<T> entries(Class<T> type) {
        return timeline.stream().filter(type::isInstance).map(type::cast);
    }

    /** The difference of a dry run in the form of {@code git diff}, or null if its file is gone. */
    @CheckForNull
    public String diff(DryRunEntry dryRun) throws IOException { // jelly access only
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
    public List<ChangeEntry> getChanges() {
        return entries(ChangeEntry.class).toList();
    }

    @Exported(visibility = 2)
    public List<PromotionEntry> getPromotions() {
        return entries(PromotionEntry.class).toList();
    }

    @Exported(visibility = 2)
    public List<RolloutEntry> getRollouts() {
        return entries(RolloutEntry.class).toList();
    }

    @Exported(visibility = 2)
    public List<DryRunEntry> getDryRuns() {
        return entries(DryRunEntry.class).toList();
    }

    /** The entries of the timeline, in the order in which they began. */
    public List<TimelineEntry> getTimeline() { // jelly access only
        return timeline.stream()
                .sorted(Comparator.comparingLong(TimelineEntry::getSince))
                .toList();
    }

    /** The images that this build recorded, and those of the build that it restarts or replays where it has none. */
    public ImageSet toImageSet() {
        Map<String, ImageRef> byService = new TreeMap<>();
        getAvailableImages().forEach(image -> byService.put(image.getService(), image.toImage()));
        return ImageSet.of(byService);
    }

    /** The images of {@link #toImageSet}, as they were recorded. */
    public List<RecordedImage> getAvailableImages() {
        return Stream.concat(images.stream(), inheritedImages()).toList();
    }

    private Stream<RecordedImage> inheritedImages() {
        Set<String> recorded = images.stream().map(RecordedImage::getService).collect(Collectors.toSet());
        return inherited == null ? Stream.empty() : inherited.images(recorded);
    }

    /** The changes of this build, after those of the build that it restarts or replays. */
    Stream<ChangeEntry> availableChanges() {
        return Stream.concat(inherited == null ? Stream.empty() : inherited.changes(), entries(ChangeEntry.class));
    }

    /**
     * Describes which images are those of another build.
     *
     * @return a sentence; empty if this build recorded all of its images
     */
    public Optional<String> getInheritedImages() {
        List<String> taken = inheritedImages().map(RecordedImage::getService).toList();
        return taken.isEmpty() || inherited == null
                ? Optional.empty()
                : Optional.of("Taken from " + inherited.describe() + ": " + String.join(", ", taken) + ".");
    }

    /**
     * Describes which build made a change.
     *
     * @return the build, as the end of a sentence; empty if this build made it, or does not know it
     */
    public Optional<String> originOf(ChangeEntry change) {
        return inherited == null
                        || inherited.changes().noneMatch(each -> each.getId().equals(change.getId()))
                ? Optional.empty()
                : Optional.of(inherited.describe());
    }

    /** The image of a service, if this build recorded one. */
    public Optional<RecordedImage> image(String service) {
        return images.stream()
                .filter(image -> image.getService().equals(service))
                .findFirst();
    }

    /** The images that this build recorded; if it recorded none, those that its changes write. */
    public Map<String, ImageRef> deliveredImages() {
        ImageSet available = toImageSet();
        if (!available.isEmpty()) {
            return available.images();
        }
        Map<String, ImageRef> written = new TreeMap<>();
        entries(ChangeEntry.class)
                .flatMap(change -> change.getImages().stream())
                .forEach(image -> image.after().ifPresent(after -> written.put(image.getService(), after)));
        return written;
    }

    /** The waves and image sets to which this build delivered in a repository. */
    public Set<WavePath> wavePaths(String repository) {
        Set<WavePath> paths = new TreeSet<>();
        entries(ChangeEntry.class)
                .filter(change -> change.getRepository().equals(repository))
                .forEach(change -> paths.add(change.wavePath()));
        entries(RolloutEntry.class)
                .filter(rollout -> rollout.getRepository().equals(repository))
                .forEach(rollout -> paths.add(rollout.wavePath()));
        return paths;
    }

    /** The change of that id, if this build knows it. */
    public Optional<ChangeEntry> change(String id) {
        return availableChanges().filter(change -> change.getId().equals(id)).reduce((earlier, later) -> later);
    }

    /** The last change that this build made in the repository; if it made none, that of the build that it repeats. */
    public Optional<ChangeEntry> lastChange(String repository) {
        return changes(repository, Optional.empty()).reduce((earlier, later) -> later);
    }

    /**
     * The changes that this build made in the repository, or in one image set of it, the oldest first; if it made none,
     * those of the build that it restarts or replays.
     */
    public Stream<ChangeEntry> changes(String repository, Optional<String> set) {
        return appended(change -> change.getRepository().equals(repository)
                && (set.isEmpty() || change.wavePath().set().equals(set)));
    }

    /** The last change in an image set of the repository, or in any set of a whole wave, chosen in the same way. */
    public Optional<ChangeEntry> lastChange(String repository, WavePath path) {
        return appended(change -> change.getRepository().equals(repository)
                        && (change.wavePath().equals(path)
                                || change.wavePath().wholeWave().equals(path)))
                .reduce((earlier, later) -> later);
    }

    private Stream<ChangeEntry> appended(Predicate<ChangeEntry> wanted) {
        List<ChangeEntry> own = entries(ChangeEntry.class)
                .filter(change -> change.isAppended() && wanted.test(change))
                .toList();
        return own.isEmpty()
                ? availableChanges().filter(change -> change.isAppended() && wanted.test(change))
                : own.stream();
    }

    /** The page of the application's commit behind an image, or null unless just one {@code appCommitUrl} is set. */
    @CheckForNull
    public String link(RecordedImage image) { // jelly access only
        return SafeLinks.appCommit(image.getAppSha());
    }

    /** The images whose digests differ from those of the last successful build. */
    public List<RecordedImage> getChangedImages() { // jelly access only
        return getAvailableImages().stream().filter(RecordedImage::isChanged).toList();
    }

    /** The images with the digests of the last successful build. */
    public List<RecordedImage> getUnchangedImages() { // jelly access only
        return getAvailableImages().stream().filter(image -> !image.isChanged()).toList();
    }

    /** The way of what this build delivers: its commit, the checks of its last change, main, and the waves. */
    public List<DeliveryStop> getWay() { // jelly access only
        List<DeliveryStop> way = new ArrayList<>();
        List<ChangeEntry> changes = getChanges();
        // An image that did not change may be that of an earlier commit.
        getAvailableImages().stream()
                .sorted(Comparator.comparing(RecordedImage::isChanged).reversed())
                .map(RecordedImage::getAppSha)
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(sha -> way.add(DeliveryStop.built(
                        CommitSha.abbreviate(sha), DeliveryStop.Place.at(SafeLinks.appCommit(sha)))));
        if (!changes.isEmpty()) {
            ChangeEntry change = changes.get(changes.size() - 1);
            change.getChecks().forEach(check -> way.add(DeliveryStop.of(check)));
            way.add(DeliveryStop.of(
                    Messages.DeliveryAction_Main(),
                    change.state(),
                    new DeliveryStop.Place(
                            change.link(change.getMainSha()),
                            change.isDelivered() && change.getEnded() > 0
                                    ? Instant.ofEpochMilli(change.getEnded())
                                    : null,
                            null)));
        }
        ExtensionList.lookup(WaveStopLookup.class).forEach(lookup -> way.addAll(lookup.waves(this)));
        return way;
    }

    /** The build, for the page of this action. */
    @CheckForNull
    public Run<?, ?> getObject() { // jelly access only
        return run;
    }

    /** Whether there is nothing to show. */
    public boolean isEmpty() { // jelly access only
        return getAvailableImages().isEmpty() && timeline.isEmpty();
    }

    /** Sets {@code GITOPS_IMAGE_MY_APP_DIGEST} to the digest of each recorded image, as a full reference. */
    @Override
    public void buildEnvironment(Run<?, ?> r, EnvVars env) {
        for (RecordedImage image : getAvailableImages()) {
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
