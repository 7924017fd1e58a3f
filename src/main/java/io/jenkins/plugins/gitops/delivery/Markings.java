package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.errors.Refused;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.repo.AutoBranch;
import io.jenkins.plugins.gitops.repo.Line;
import io.jenkins.plugins.gitops.repo.StateRef;
import io.jenkins.plugins.gitops.waves.Rejections;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;

/** Says what files of the state a marking changes, and whether that has been done. */
final class Markings {

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final WaveStates states;
    private final Line line;

    Markings(RepositorySettings settings, AutoBranch branch, WaveStates states, Line line) {
        this.settings = settings;
        this.branch = branch;
        this.states = states;
        this.line = line;
    }

    /**
     * A change of one file of the state.
     *
     * @param why the commit's message
     */
    record Edit(String path, String content, String why) {}

    /**
     * What is to be written for a marking; nothing if the state says it already.
     *
     * @throws Refused if it cannot be carried out as it was asked for
     */
    Optional<Edit> edit(Marking marking) throws IOException, Refused {
        if (marking instanceof Marking.RejectImages reject) {
            return reject(reject);
        }
        if (marking instanceof Marking.HoldWave hold) {
            return isHeld(hold) ? Optional.empty() : Optional.of(hold(hold));
        }
        var release = (Marking.ReleaseWave) marking;
        String wave = known(release.wave());
        if (states.of(wave).hold().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Edit(
                StateRef.pathOf(wave),
                WaveState.withHold(states.file(wave), null),
                wave + " is released\n\n" + (release.reason() == null ? "" : "Why: " + release.reason() + "\n") + "By: "
                        + release.by()));
    }

    private boolean isHeld(Marking.HoldWave hold) throws IOException, Refused {
        return states.of(known(hold.wave())).hold().equals(Optional.of(hold.hold()));
    }

    /** What a hold writes, also where it stands already. */
    Edit hold(Marking.HoldWave hold) throws IOException {
        return new Edit(
                StateRef.pathOf(hold.wave()),
                WaveState.withHold(states.file(hold.wave()), hold.hold()),
                hold.wave() + " is held\n\nWhy: " + hold.hold().reason() + "\nUntil: "
                        + (hold.hold().until() == null
                                ? "released"
                                : hold.hold().until()) + "\nBy: "
                        + hold.hold().by());
    }

    private String known(String wave) throws Refused {
        try {
            return settings.wave(wave).name();
        } catch (IllegalArgumentException e) {
            throw new Refused(e.getMessage());
        }
    }

    private Optional<Edit> reject(Marking.RejectImages reject) throws IOException, Refused {
        String revision = reject.revision();
        List<String> digests = revision == null ? reject.digests() : brought(revision);
        if (states.rejections().byDigest().keySet().containsAll(digests)) {
            return Optional.empty();
        }
        return Optional.of(new Edit(
                WaveStates.REJECTED,
                Rejections.with(states.rejectedFile(), digests, reject.reason(), reject.by(), reject.at()),
                "Images are rejected\n\n" + String.join("\n", digests) + "\n\nWhy: " + reject.reason() + "\nBy: "
                        + reject.by()));
    }

    /** The digests that a commit on main has in a wave and its parent has not in the same. */
    private List<String> brought(String revision) throws IOException, Refused {
        ObjectId commit = branch.has(revision) ? ObjectId.fromString(revision) : ObjectId.zeroId();
        if (commit.equals(ObjectId.zeroId()) || !branch.contains(line.main(), commit)) {
            throw new Refused("The branch " + settings.mainBranch() + " of " + settings.url() + " has no commit "
                    + revision + "; name one that is on it, or name digests.");
        }
        Optional<ObjectId> parent = branch.parent(commit);
        var digests = new TreeSet<String>();
        for (String place : settings.places()) {
            Set<String> brought = digests(commit, place);
            if (parent.isPresent()) {
                brought.removeAll(digests(parent.get(), place));
            }
            digests.addAll(brought);
        }
        if (digests.isEmpty()) {
            throw new Refused("The commit " + revision + " brought no image into a wave; name digests.");
        }
        return List.copyOf(digests);
    }

    private Set<String> digests(ObjectId commit, String place) throws IOException {
        return branch.images(commit, place).images().values().stream()
                .map(ImageRef::digest)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
