package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The image sets on which something may still be decided, by their identities: what the state says of them stays,
 * however much it says of newer ones.
 */
final class PendingSets {

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final WaveStateReader states;
    private final CommitQueue queue;

    PendingSets(RepositorySettings settings, AutoBranch branch, WaveStateReader states, CommitQueue queue) {
        this.settings = settings;
        this.branch = branch;
        this.states = states;
        this.queue = queue;
    }

    /** The sets that previous waves of a wave run, or that are on their way there. */
    Set<String> before(WavePath to) throws IOException {
        var sets = new HashSet<String>();
        for (String wave : settings.wave(to).promotesFrom()) {
            WavePath from = to.in(wave);
            states.of(from).deployed().map(DeployedSet::identity).ifPresent(sets::add);
            add(sets, queue.main(), from);
            addQueued(sets, from);
        }
        return sets;
    }

    /** The sets that may go to a wave: those before it, those that are qualified for it, and those that are queued. */
    Set<String> to(WavePath to) throws IOException {
        Set<String> sets = before(to);
        states.of(to).qualified().stream().map(QualifiedSet::identity).forEach(sets::add);
        addQueued(sets, to);
        return sets;
    }

    /** The sets that may go from a wave to a next one. */
    Set<String> from(WavePath from) throws IOException {
        var sets = new HashSet<String>();
        for (Wave next : settings.waves()) {
            if (next.promotesFrom().contains(from.wave())) {
                sets.addAll(to(from.in(next.name())));
            }
        }
        return sets;
    }

    private void addQueued(Set<String> sets, WavePath path) throws IOException {
        for (QueuedCommit commit : queue.commits()) {
            if (commit.trailers()
                    .filter(change -> change.wavePath().equals(path))
                    .isPresent()) {
                add(sets, commit.sha(), path);
            }
        }
    }

    private void add(Set<String> sets, ObjectId commit, WavePath path) throws IOException {
        try {
            sets.add(branch.images().read(commit, path).identity());
        } catch (InvalidImagesException e) {
            // Nothing is promoted of files that cannot be read.
            return;
        }
    }
}
