package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Util;
import io.jenkins.plugins.gitops.delivery.Appended;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.repo.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One change of a build and what was last seen of it, kept in plain texts in {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DeliveredChange implements Delivered {

    /** The state of a change that is on the auto branch and not decided. */
    public static final String QUEUED = "queued";

    /** The state of a change that had nothing to change. */
    public static final String UNCHANGED = "unchanged";

    /** The state of a change whose images a later build had written already. */
    public static final String SUPERSEDED = "superseded";

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

    private List<DeliveredCheck> checks = new ArrayList<>();
    private List<DeliveredRewrite> rewrites = new ArrayList<>();

    /**
     * A change as the append answered.
     *
     * @param now in milliseconds
     */
    public DeliveredChange(String repository, String wave, Appended appended, long now) {
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

    /** A change of another build that this build waits for. */
    DeliveredChange(String repository, String id, long now) {
        this.id = id;
        this.repository = repository;
        this.wave = "";
        this.since = now;
        this.state = QUEUED;
    }

    private DeliveredChange(DeliveredChange before, ChangeStatus status, long now) {
        id = before.id;
        repository = before.repository;
        wave = before.wave;
        since = before.since;
        attached = before.attached;
        Outcome outcome = status.outcome();
        state = outcome == null ? QUEUED : outcome.toString();
        sha = status.sha().isEmpty() ? before.sha : status.sha();
        mainSha = status.mainSha();
        reason = status.reason();
        ended = outcome == null ? 0 : now;
        status.checks().forEach(check -> checks.add(new DeliveredCheck(check)));
        status.rewrites()
                .forEach(rewrite -> rewrites.add(new DeliveredRewrite(rewrite.from(), rewrite.to(), rewrite.why())));
    }

    DeliveredChange seen(ChangeStatus status, long now) {
        return new DeliveredChange(this, status, now);
    }

    /** Whether people would see more than another wording. */
    boolean differsFrom(DeliveredChange other) {
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

    /** {@code queued}, {@code unchanged}, or how it ended. */
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

    public boolean isDelivered() { // jelly access only
        return state.equals("merged") || state.equals("satisfied");
    }

    public boolean isFailed() { // jelly access only
        return state.equals("evicted") || state.equals("lost");
    }

    public boolean isQueued() { // jelly access only
        return state.equals(QUEUED);
    }

    public String shorten(@Nullable String commit) { // jelly access only
        return Links.shortened(commit);
    }

    /** Where a commit of the config repository can be seen, while the repository is configured. */
    @CheckForNull
    public String link(@Nullable String commit) { // jelly access only
        return Links.configCommit(repository, commit);
    }
}
