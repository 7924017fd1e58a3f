package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;

/** Computes the changes of files of the state ref that commands ask for. */
public final class StateEditor {

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final WaveStateReader states;
    private final CommitQueue line;

    public StateEditor(RepositorySettings settings, AutoBranch branch, WaveStateReader states, CommitQueue line) {
        this.settings = settings;
        this.branch = branch;
        this.states = states;
        this.line = line;
    }

    /**
     * A change of one file of the state ref.
     *
     * @param why the commit's message
     */
    public record Edit(String path, String content, String why) {

        boolean isTooLarge() {
            return content.getBytes(StandardCharsets.UTF_8).length > Json.MAX_STORED_BYTES;
        }
    }

    /**
     * The change for a command; empty if the state ref has its effect already.
     *
     * @throws RequestRefused if the command names what the repository does not have
     */
    public Optional<Edit> edit(StateCommand marking) throws IOException, RequestRefused {
        Optional<Edit> edit = unlimited(marking);
        if (edit.isPresent() && edit.get().isTooLarge()) {
            throw new RequestRefused(
                    "The file " + edit.get().path() + " of the state of " + settings.url()
                            + " would become larger than " + (Json.MAX_STORED_BYTES >> 20)
                            + " MiB, which no driver reads: reject fewer images, or remove rejections that are no longer needed.");
        }
        return edit;
    }

    private Optional<Edit> unlimited(StateCommand marking) throws IOException, RequestRefused {
        if (marking instanceof StateCommand.RejectImages reject) {
            return reject(reject);
        }
        if (marking instanceof StateCommand.HoldWave hold) {
            return isHeld(hold) ? Optional.empty() : Optional.of(hold(hold));
        }
        var release = (StateCommand.ReleaseWave) marking;
        WavePath wave = known(release.wave());
        if (states.of(wave).hold().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Edit(
                StateRef.pathOf(wave),
                WaveState.withHold(states.file(wave), null),
                wave + " is released\n\n" + (release.reason() == null ? "" : "Why: " + release.reason() + "\n") + "By: "
                        + release.by()));
    }

    private boolean isHeld(StateCommand.HoldWave hold) throws IOException, RequestRefused {
        return states.of(known(hold.wave())).hold().equals(Optional.of(hold.hold()));
    }

    /** The change for a hold, also if the wave is held in the same way. */
    public Edit hold(StateCommand.HoldWave hold) throws IOException {
        return new Edit(
                StateRef.pathOf(WavePath.of(hold.wave())),
                WaveState.withHold(states.file(WavePath.of(hold.wave())), hold.hold()),
                hold.wave() + " is held\n\nWhy: " + hold.hold().reason() + "\nUntil: "
                        + hold.hold().until().map(Instant::toString).orElse("released") + "\nBy: "
                        + hold.hold().by());
    }

    private WavePath known(String wave) throws RequestRefused {
        try {
            return WavePath.of(settings.wave(wave).name());
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
    }

    private Optional<Edit> reject(StateCommand.RejectImages reject) throws IOException, RequestRefused {
        String revision = reject.revision();
        List<String> digests = revision == null ? reject.digests() : brought(revision);
        if (states.rejections().byDigest().keySet().containsAll(digests)) {
            return Optional.empty();
        }
        return Optional.of(new Edit(
                WaveStateReader.REJECTED,
                RejectedImages.with(states.rejectedFile(), digests, reject.reason(), reject.by(), reject.at()),
                "Images are rejected\n\n" + String.join("\n", digests) + "\n\nWhy: " + reject.reason() + "\nBy: "
                        + reject.by()));
    }

    /** The digests that a commit on main has in a wave and that its parent does not have in the same wave. */
    private List<String> brought(String revision) throws IOException, RequestRefused {
        ObjectId commit = branch.graph().has(revision) ? ObjectId.fromString(revision) : ObjectId.zeroId();
        if (commit.equals(ObjectId.zeroId()) || !branch.graph().contains(line.main(), commit)) {
            throw new RequestRefused("The branch " + settings.mainBranch() + " of " + settings.url() + " has no commit "
                    + revision + "; name one that is on it, or name digests.");
        }
        Optional<ObjectId> parent = branch.graph().parent(commit);
        var digests = new TreeSet<String>();
        for (WavePath path : settings.wavePaths()) {
            Set<String> brought = digests(commit, path);
            if (parent.isPresent()) {
                brought.removeAll(digests(parent.get(), path));
            }
            digests.addAll(brought);
        }
        if (digests.isEmpty()) {
            throw new RequestRefused("The commit " + revision + " brought no image into a wave; name digests.");
        }
        return List.copyOf(digests);
    }

    private Set<String> digests(ObjectId commit, WavePath path) throws IOException {
        return branch.images().read(commit, path).images().values().stream()
                .map(ImageRef::digest)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
