package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A rollout that a build waited for, and the targets' states when it was last seen. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class RolloutEntry extends TimelineEntry {

    /** The number of targets that are saved, those that are not deployed first. */
    private static final int MAX_TARGETS = 200;

    private final String wave;
    private final String reason;
    private final int total;
    private final int deployed;

    @CheckForNull
    private final String revision;

    private final List<SavedTarget> targets = new ArrayList<>();

    /**
     * A rollout as it is now.
     *
     * @param path the whole wave, or one of its image sets
     * @param since when the build began to wait, in milliseconds
     * @param now in milliseconds
     */
    public RolloutEntry(String repository, WavePath path, EntryState state, Rollout rollout, long since, long now) {
        super(repository, state, since, now);
        this.wave = path.toString();
        this.reason = rollout.reason();
        this.total = rollout.targets().size();
        this.deployed = total - rollout.waiting().size();
        this.revision = rollout.wanted().or(rollout::deployed).orElse(null);
        rollout.targets().stream()
                .sorted(Comparator.comparing((TargetState target) -> target.state() == TargetState.State.DEPLOYED))
                .limit(MAX_TARGETS)
                .sorted(Comparator.comparing(TargetState::name))
                .forEach(target -> targets.add(new SavedTarget(target)));
    }

    @Override
    boolean isSameAs(TimelineEntry other) {
        return other instanceof RolloutEntry that
                && getRepository().equals(that.getRepository())
                && wave.equals(that.wave)
                && getSince() == that.getSince();
    }

    /** Whether more than reasons differ; an entry that differs only in these is not saved. */
    boolean differsFrom(RolloutEntry other) {
        return state() != other.state() || !targetStates().equals(other.targetStates());
    }

    private List<String> targetStates() {
        return targets.stream()
                .map(target -> target.getName() + " " + target.getState())
                .toList();
    }

    @Exported
    public String getWave() {
        return wave;
    }

    /** The wave and the set as a path. */
    public WavePath wavePath() {
        return WavePath.parse(wave);
    }

    @Exported
    public String getReason() {
        return reason;
    }

    /** The config commit for which the build waited, or the one that was found deployed; may be null. */
    @CheckForNull
    @Exported
    public String getRevision() {
        return revision;
    }

    @Exported
    public List<SavedTarget> getTargets() {
        return Collections.unmodifiableList(targets);
    }

    /** The number of targets of the wave, including those that are not saved. */
    @Exported
    public int getTotal() {
        return total;
    }

    /** The number of deployed targets. */
    @Exported
    public int getDeployed() {
        return deployed;
    }

    /** Whether the wave runs the expected image set. */
    public boolean isDelivered() {
        return state() == EntryState.DEPLOYED;
    }

    @Override
    public String getHeadline() {
        return Messages.RolloutEntry_Headline(wave, getState());
    }

    /** The number of targets that are not saved. */
    public int getTargetsLeftOut() { // jelly access only
        return total - targets.size();
    }
}
