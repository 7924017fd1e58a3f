package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Util;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One change of a build and what was last seen of it, kept in plain texts in {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DeliveredChange implements TimelineEntry {

    /** The state of a change that is on the auto branch and not decided. */
    public static final String QUEUED = "queued";

    /** The state of a change that had nothing to change. */
    public static final String UNCHANGED = "unchanged";

    /** The state of a change whose images a later build had written already. */
    public static final String SUPERSEDED = "superseded";

    /** The state of a change that waits outside of the auto branch. */
    public static final String WAITING = "waiting";

    /** The state of a change that was not let on the auto branch. */
    public static final String REFUSED = "refused";

    /** More than anybody reads; the rest is in git. */
    private static final int MAX_IMAGES = 200;

    private final String id;
    private final String repository;
    private final String wave;
    private final long since;
    private String state;
    private boolean attached;
    private long ended;

    @CheckForNull
    private String sha;

    @CheckForNull
    private String mainSha;

    @CheckForNull
    private String reason;

    @CheckForNull
    private String subject;

    /** Not known yet, or saved before it was kept, where it is missing. */
    @CheckForNull
    private List<DeliveredImage> images;

    private int imagesInAll;

    private List<DeliveredCheck> checks = new ArrayList<>();
    private List<DeliveredRewrite> rewrites = new ArrayList<>();

    /**
     * A change as the append answered.
     *
     * @param now in milliseconds
     */
    public DeliveredChange(String repository, String wave, SubmittedChange appended, long now) {
        this.id = appended.id();
        this.repository = repository;
        this.wave = wave;
        this.since = now;
        this.sha = appended.sha();
        this.attached = appended.attachedTo() != null;
        if (appended.superseded()) {
            state = SUPERSEDED;
        } else if (appended.changed()) {
            state = QUEUED;
        } else {
            state = UNCHANGED;
        }
        this.ended = state.equals(QUEUED) ? 0 : now;
    }

    /**
     * A change that is not on the auto branch.
     *
     * @param state {@link #WAITING} or {@link #REFUSED}
     * @param reason why, a sentence
     * @param since when the build asked for it, in milliseconds
     * @param now in milliseconds
     */
    public DeliveredChange(
            String repository, String wave, String id, String state, String reason, long since, long now) {
        this.id = id;
        this.repository = repository;
        this.wave = wave;
        this.since = since;
        this.state = state;
        this.reason = reason;
        this.ended = state.equals(WAITING) ? 0 : now;
    }

    /** A change of another build that this build waits for. */
    DeliveredChange(String repository, String id, long now) {
        this.id = id;
        this.repository = repository;
        this.wave = "";
        this.since = now;
        this.state = QUEUED;
    }

    private DeliveredChange(DeliveredChange before) {
        id = before.id;
        repository = before.repository;
        wave = before.wave;
        since = before.since;
        state = before.state;
        attached = before.attached;
        ended = before.ended;
        sha = before.sha;
        mainSha = before.mainSha;
        reason = before.reason;
        subject = before.subject;
        images = before.images;
        imagesInAll = before.imagesInAll;
        checks = before.checks;
        rewrites = before.rewrites;
    }

    private DeliveredChange(DeliveredChange before, ChangeStatus status, long now) {
        this(before);
        Outcome outcome = status.outcome();
        state = outcome == null ? QUEUED : outcome.toString();
        sha = status.sha().isEmpty() ? before.sha : status.sha();
        mainSha = status.mainSha();
        reason = status.reason();
        subject = SingleLine.excerpt(status.subject());
        ended = outcome == null ? 0 : now;
        boolean sameCommit = Objects.equals(sha, before.sha);
        checks = new ArrayList<>();
        status.checks()
                .forEach(check ->
                        checks.add(new DeliveredCheck(check, sameCommit ? before.check(check.context()) : null)));
        // A controller that was started again has not seen the earlier ones.
        rewrites = new ArrayList<>(before.rewrites);
        status.rewrites().stream()
                .map(rewrite -> new DeliveredRewrite(rewrite.from(), rewrite.to(), rewrite.why()))
                .filter(rewrite -> before.rewrites.stream().noneMatch(rewrite::isSame))
                .forEach(rewrites::add);
    }

    @CheckForNull
    private DeliveredCheck check(String context) {
        return checks.stream()
                .filter(check -> check.getContext().equals(context))
                .findFirst()
                .orElse(null);
    }

    /** The same, and what its commit does to the images. */
    public DeliveredChange with(ImageSet imagesBefore, ImageSet imagesAfter) {
        var next = new DeliveredChange(this);
        Map<String, ImageRef> before = imagesBefore.images();
        Map<String, ImageRef> after = imagesAfter.images();
        var services = new TreeSet<>(before.keySet());
        services.addAll(after.keySet());
        services.removeIf(service -> Objects.equals(before.get(service), after.get(service)));
        next.imagesInAll = services.size();
        List<DeliveredImage> shown = new ArrayList<>();
        services.stream()
                .limit(MAX_IMAGES)
                .forEach(service -> shown.add(new DeliveredImage(service, before.get(service), after.get(service))));
        next.images = shown;
        return next;
    }

    public DeliveredChange withStatus(ChangeStatus status, long now) {
        return new DeliveredChange(this, status, now);
    }

    /** Whether people would see more than another wording. */
    public boolean differsFrom(DeliveredChange other) {
        return !state.equals(other.state)
                || !checks.equals(other.checks)
                || rewrites.size() != other.rewrites.size()
                || !Util.fixNull(sha).equals(Util.fixNull(other.sha));
    }

    @Exported
    public String getId() {
        return id;
    }

    @Exported
    public String getRepository() {
        return repository;
    }

    @Exported
    public String getWave() {
        return wave;
    }

    /** {@code waiting}, {@code refused}, {@code queued}, {@code unchanged}, or how it ended. */
    @Exported
    public String getState() {
        return state;
    }

    @CheckForNull
    @Exported
    public String getSha() {
        return sha;
    }

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

    /** The first line of its commit, or null while that is not known. */
    @CheckForNull
    @Exported
    public String getSubject() {
        return subject;
    }

    /** What its commit does to the images of the wave; of very many the first ones. */
    @Exported
    public List<DeliveredImage> getImages() {
        return images == null ? List.of() : Collections.unmodifiableList(images);
    }

    /** How many images it changes, also those that are not kept. */
    @Exported
    public int getImagesInAll() {
        return imagesInAll;
    }

    /** Whether it was kept what the commit does to the images. */
    public boolean isImagesKnown() { // jelly access only
        return images != null;
    }

    /** How many there are beside those that are kept. */
    public int getImagesLeftOut() { // jelly access only
        return imagesInAll - getImages().size();
    }

    @Exported
    public List<DeliveredCheck> getChecks() {
        return Collections.unmodifiableList(checks);
    }

    @Exported
    public List<DeliveredRewrite> getRewrites() {
        return Collections.unmodifiableList(rewrites);
    }

    @Override
    @Exported
    public long getSince() {
        return since;
    }

    /** When it ended, in milliseconds, or 0. */
    @Exported
    public long getEnded() {
        return ended;
    }

    /** Whether the content was on its way already, in another build's change. */
    @Exported
    public boolean isAttached() {
        return attached;
    }

    public String getDuration() { // jelly access only
        return Util.getTimeSpanString(ended - since);
    }

    /** Whether it was on the auto branch, or there was nothing to put there. */
    boolean isAppended() {
        return !state.equals(WAITING) && !state.equals(REFUSED);
    }

    /** Whether main has its commit. */
    public boolean isMerged() {
        return state.equals(Outcome.MERGED.toString());
    }

    /** Whether main has what it brings. */
    public boolean isDelivered() {
        return isMerged() || state.equals(Outcome.SATISFIED.toString());
    }

    @Override
    public String getSymbol() {
        if (isDelivered()) {
            return StatusSymbols.DONE;
        }
        if (isQueued() || state.equals(WAITING)) {
            return StatusSymbols.WAITING;
        }
        boolean failed = state.equals(REFUSED)
                || state.equals(Outcome.EVICTED.toString())
                || state.equals(Outcome.LOST.toString());
        return failed ? StatusSymbols.FAILED : StatusSymbols.NOTED;
    }

    @Override
    public String getHeadline() {
        return wave.isEmpty() ? state : Messages.DeliveredChange_Headline(wave, state);
    }

    /** Whether there is a commit that is the change. */
    public boolean hasCommit() {
        return sha != null && !state.equals(UNCHANGED) && !state.equals(SUPERSEDED);
    }

    public boolean isQueued() { // jelly access only
        return state.equals(QUEUED);
    }

    public String shorten(@Nullable String commit) { // jelly access only
        return commit == null ? "" : CommitSha.abbreviate(commit);
    }

    /** Where a commit of the config repository can be seen, while the repository is configured. */
    @CheckForNull
    public String link(@Nullable String commit) { // jelly access only
        return SafeLinks.configCommit(repository, commit);
    }
}
