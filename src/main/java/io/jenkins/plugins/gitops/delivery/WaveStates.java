package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.repo.SetPlace;
import io.jenkins.plugins.gitops.repo.StateRef;
import io.jenkins.plugins.gitops.waves.Rejections;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** What one commit of the state ref says of waves and of rejected images; each file is read once. */
final class WaveStates {

    static final String REJECTED = "rejected.json";

    private final StateRef stateRef;
    private final ObjectId state;
    private final Map<String, WaveState> waves = new HashMap<>();

    private Optional<Rejections> rejections = Optional.empty();

    WaveStates(StateRef stateRef, ObjectId state) {
        this.stateRef = stateRef;
        this.state = state;
    }

    /** What is known of a wave, or of one of its sets where they have names: a hold is the whole wave's. */
    WaveState of(String place) throws IOException {
        WaveState known = waves.get(place);
        if (known == null) {
            known = WaveState.read(file(place));
            if (SetPlace.set(place) != null) {
                known = new WaveState(
                        known.deployed(),
                        known.unwell(),
                        of(SetPlace.wave(place)).hold(),
                        known.qualified());
            }
            waves.put(place, known);
        }
        return known;
    }

    /** The bytes of the file of a wave or a set. */
    Optional<byte[]> file(String place) throws IOException {
        return stateRef.file(state, StateRef.pathOf(place));
    }

    Rejections rejections() throws IOException {
        if (rejections.isEmpty()) {
            rejections = Optional.of(Rejections.read(rejectedFile()));
        }
        return rejections.get();
    }

    Optional<byte[]> rejectedFile() throws IOException {
        return stateRef.file(state, REJECTED);
    }
}
