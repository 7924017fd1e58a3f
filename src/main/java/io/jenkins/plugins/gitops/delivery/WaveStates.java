package io.jenkins.plugins.gitops.delivery;

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

    WaveState of(String wave) throws IOException {
        WaveState known = waves.get(wave);
        if (known == null) {
            known = WaveState.read(file(wave));
            waves.put(wave, known);
        }
        return known;
    }

    /** The bytes of the file of a wave. */
    Optional<byte[]> file(String wave) throws IOException {
        return stateRef.file(state, StateRef.pathOf(wave));
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
