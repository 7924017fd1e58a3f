package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Util;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.CommitSha;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A rollout that a build waited for, and how far it was when last seen, kept in plain texts in {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DeliveredRollout implements TimelineEntry {

    public static final String WAITING = "waiting";
    public static final String DEPLOYED = "deployed";
    public static final String SUPERSEDED = "superseded";
    public static final String FAILED = "failed";

    /** Of a wave with more targets those that are not deployed are kept first. */
    private static final int MAX_TARGETS = 200;

    private final String repository;
    private final String wave;
    private final String state;
    private final String reason;
    private final long since;
    private final long ended;
    private final int total;
    private final int deployed;

    @CheckForNull
    private final String revision;

    private final List<DeliveredTarget> targets = new ArrayList<>();

    /**
     * A rollout as it is now.
     *
     * @param state one of the constants
     * @param since when the build began to wait, in milliseconds
     * @param now in milliseconds
     */
    public DeliveredRollout(String repository, String wave, Rollout rollout, String state, long since, long now) {
        this.repository = repository;
        this.wave = wave;
        this.state = state;
        this.reason = rollout.reason();
        this.since = since;
        this.ended = state.equals(WAITING) ? 0 : now;
        this.total = rollout.targets().size();
        this.deployed = total - rollout.waiting().size();
        this.revision = rollout.wanted() != null ? rollout.wanted() : rollout.deployed();
        rollout.targets().stream()
                .sorted(Comparator.comparing((TargetState target) -> target.state() == State.DEPLOYED))
                .limit(MAX_TARGETS)
                .sorted(Comparator.comparing(TargetState::name))
                .forEach(target -> targets.add(new DeliveredTarget(target)));
    }

    /** Whether it is the same wait, seen at another time. */
    boolean isSameWait(DeliveredRollout other) {
        return repository.equals(other.repository) && wave.equals(other.wave) && since == other.since;
    }

    /** Whether people would see more than another wording. */
    boolean differsFrom(DeliveredRollout other) {
        return !state.equals(other.state) || !states().equals(other.states());
    }

    private List<String> states() {
        return targets.stream()
                .map(target -> target.getName() + " " + target.getState())
                .toList();
    }

    @Exported
    public String getRepository() {
        return repository;
    }

    @Exported
    public String getWave() {
        return wave;
    }

    @Exported
    public String getState() {
        return state;
    }

    @Exported
    public String getReason() {
        return reason;
    }

    /** The config commit that was waited for, or that was found deployed. */
    @CheckForNull
    @Exported
    public String getRevision() {
        return revision;
    }

    @Exported
    public List<DeliveredTarget> getTargets() {
        return Collections.unmodifiableList(targets);
    }

    /** How many targets the wave has, also those that are not kept. */
    @Exported
    public int getTotal() {
        return total;
    }

    /** How many of them are deployed. */
    @Exported
    public int getDeployed() {
        return deployed;
    }

    @Override
    @Exported
    public long getSince() {
        return since;
    }

    /** When the wait ended, in milliseconds, or 0. */
    @Exported
    public long getEnded() {
        return ended;
    }

    public String getDuration() { // jelly access only
        return Util.getTimeSpanString(ended - since);
    }

    public boolean isDelivered() { // jelly access only
        return state.equals(DEPLOYED);
    }

    @Override
    public String getSymbol() {
        return switch (state) {
            case DEPLOYED -> StatusSymbols.DONE;
            case FAILED -> StatusSymbols.FAILED;
            case WAITING -> StatusSymbols.WAITING;
            default -> StatusSymbols.NOTED;
        };
    }

    @Override
    public String getHeadline() {
        return Messages.DeliveredRollout_Headline(wave, state);
    }

    public boolean isWaiting() { // jelly access only
        return state.equals(WAITING);
    }

    /** How many targets there are beside those that are kept. */
    public int getTargetsLeftOut() { // jelly access only
        return total - targets.size();
    }

    public String getShortRevision() { // jelly access only
        return revision == null ? "" : CommitSha.abbreviate(revision);
    }

    /** Where a config commit can be seen, while the repository is configured. */
    @CheckForNull
    public String link(@Nullable String commit) { // jelly access only
        return SafeLinks.configCommit(repository, commit);
    }
}
