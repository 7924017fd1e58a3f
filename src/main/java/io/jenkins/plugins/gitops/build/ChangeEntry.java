package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A change that a build made, tried to make, or waited for. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class ChangeEntry extends TimelineEntry {

    /** The number of images that are saved; git has the others. */
    private static final int MAX_IMAGES = 200;

    private final String id;
    private final String wave;
    private boolean attached;

    @CheckForNull
    private String sha;

    @CheckForNull
    private String mainSha;

    @CheckForNull
    private String reason;

    @CheckForNull
    private String subject;

    /** The changes of images by the commit, or null while they are not known. */
    @CheckForNull
    private List<SavedImageChange> images;

    private int imagesInAll;

    private List<SavedCheck> checks = new ArrayList<>();
    private List<SavedRewrite> rewrites = new ArrayList<>();

    private ChangeEntry(String repository, String wave, String id, EntryState state, long since) {
        super(repository, state, since, since);
        this.id = id;
        this.wave = wave;
    }

    private ChangeEntry(ChangeEntry before, EntryState state, long now) {
        super(before.getRepository(), state, before.getSince(), now);
        id = before.id;
        wave = before.wave;
        attached = before.attached;
        sha = before.sha;
        mainSha = before.mainSha;
        reason = before.reason;
        subject = before.subject;
        images = before.images;
        imagesInAll = before.imagesInAll;
        checks = before.checks;
        rewrites = before.rewrites;
    }

    /**
     * The entry of a change from the answer of the driver to its submission.
     *
     * @param now in milliseconds
     */
    public static ChangeEntry submitted(String repository, WavePath path, SubmittedChange change, long now) {
        EntryState state =
                switch (change.state()) {
                    case COMMITTED, ATTACHED -> EntryState.QUEUED;
                    case UNCHANGED -> EntryState.UNCHANGED;
                    case SUPERSEDED, SUPERSEDED_IN_QUEUE -> EntryState.SUPERSEDED;
                };
        var entry = new ChangeEntry(repository, path.toString(), change.id(), state, now);
        entry.sha = change.sha();
        entry.attached = change.state() == SubmittedChange.State.ATTACHED;
        return entry;
    }

    /**
     * A change that is not on the auto branch.
     *
     * @param since when the build asked for it, in milliseconds
     */
    public static ChangeEntry waiting(String repository, WavePath path, String id, long since) {
        return new ChangeEntry(repository, path.toString(), id, EntryState.WAITING, since);
    }

    /** A change of another build, which this build waits for. */
    static ChangeEntry ofOtherBuild(String repository, String id, long now) {
        return new ChangeEntry(repository, "", id, EntryState.QUEUED, now);
    }

    /**
     * A copy with another state and its reason.
     *
     * @param why the reason, in a sentence
     * @param now in milliseconds
     */
    public ChangeEntry because(EntryState state, String why, long now) {
        var next = new ChangeEntry(this, state, now);
        next.reason = why;
        return next;
    }

    /** A copy with the changes of images by the commit. */
    public ChangeEntry withImages(ImageSet before, ImageSet after) {
        var next = new ChangeEntry(this, state(), getEnded());
        SortedSet<String> services = before.differingServices(after);
        next.imagesInAll = services.size();
        next.images = services.stream()
                .limit(MAX_IMAGES)
                .map(service -> new SavedImageChange(service, before.get(service), after.get(service)))
                .collect(Collectors.toCollection(ArrayList::new));
        return next;
    }

    /**
     * A copy with the present status from the driver.
     *
     * @param now in milliseconds
     */
    public ChangeEntry withStatus(ChangeStatus status, long now) {
        EntryState state = status.outcome().map(EntryState::of).orElse(EntryState.QUEUED);
        var next = new ChangeEntry(this, state, now);
        next.sha = status.sha().isEmpty() ? sha : status.sha();
        next.mainSha = status.mainSha().orElse(null);
        next.reason = status.reason();
        next.subject = SingleLine.excerpt(status.subject());
        boolean sameCommit = Objects.equals(next.sha, sha);
        next.checks = new ArrayList<>();
        status.checks()
                .forEach(check -> next.checks.add(new SavedCheck(check, sameCommit ? check(check.context()) : null)));
        // A driver does not know rewrites from before a restart of the controller.
        next.rewrites = new ArrayList<>(rewrites);
        status.rewrites().stream()
                .map(SavedRewrite::new)
                .filter(rewrite -> rewrites.stream().noneMatch(rewrite::isSameAs))
                .forEach(next.rewrites::add);
        return next;
    }

    @CheckForNull
    private SavedCheck check(String context) {
        return checks.stream()
                .filter(check -> check.getContext().equals(context))
                .findFirst()
                .orElse(null);
    }

    @Override
    boolean isSameAs(TimelineEntry other) {
        return other instanceof ChangeEntry that && id.equals(that.id);
    }

    /** Whether more than the reason differs; an entry that differs only in that is not saved. */
    public boolean differsFrom(ChangeEntry other) {
        return state() != other.state()
                || !checks.equals(other.checks)
                || rewrites.size() != other.rewrites.size()
                || !Objects.equals(sha, other.sha);
    }

    @Exported
    public String getId() {
        return id;
    }

    /** The wave, or the wave and the set; empty for a change of another build. */
    @Exported
    public String getWave() {
        return wave;
    }

    /** The wave and the set as a path. */
    public WavePath wavePath() {
        return WavePath.parse(wave);
    }

    @CheckForNull
    @Exported
    public String getSha() {
        return sha;
    }

    /** The commit on main that is the change or has its content, or null while there is none. */
    @CheckForNull
    @Exported
    public String getMainSha() {
        return mainSha;
    }

    @CheckForNull
    @Exported
    public String getReason() {
        return reason;
    }

    /** The first line of the commit's message, or null while that is not known. */
    @CheckForNull
    @Exported
    public String getSubject() {
        return subject;
    }

    /** The changes of images of the wave by the commit; the first 200 of more. */
    @Exported
    public List<SavedImageChange> getImages() {
        return images == null ? List.of() : Collections.unmodifiableList(images);
    }

    /** The number of images that the commit changes, including those that are not saved. */
    @Exported
    public int getImagesInAll() {
        return imagesInAll;
    }

    /** Whether the changes of images by the commit are known. */
    public boolean isImagesKnown() { // jelly access only
        return images != null;
    }

    /** The number of changed images that are not saved. */
    public int getImagesLeftOut() { // jelly access only
        return imagesInAll - getImages().size();
    }

    @Exported
    public List<SavedCheck> getChecks() {
        return Collections.unmodifiableList(checks);
    }

    @Exported
    public List<SavedRewrite> getRewrites() {
        return Collections.unmodifiableList(rewrites);
    }

    /** Whether the change of another build has the same content, so that both builds share one verdict. */
    @Exported
    public boolean isAttached() {
        return attached;
    }

    /** Whether the change was appended to the auto branch, or did not have to be. */
    boolean isAppended() {
        return state() != EntryState.WAITING && state() != EntryState.REFUSED;
    }

    /** Whether main has the commit. */
    public boolean isMerged() {
        return state() == EntryState.MERGED;
    }

    /** Whether main has the content. */
    public boolean isDelivered() {
        return isMerged() || state() == EntryState.SATISFIED;
    }

    @Override
    public String getHeadline() {
        return wave.isEmpty() ? getState() : Messages.ChangeEntry_Headline(wave, getState());
    }

    /** Whether the change has a commit of its own. */
    public boolean hasCommit() {
        return sha != null && state() != EntryState.UNCHANGED && state() != EntryState.SUPERSEDED;
    }

    public boolean isQueued() { // jelly access only
        return state() == EntryState.QUEUED;
    }
}
