package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** What one commit of the state ref says of waves and of rejected images; each file is read once. */
public final class WaveStateReader {

    static final String REJECTED = "rejected.json";

    private final StateRef stateRef;
    private final ObjectId state;
    private final Map<String, WaveState> waves = new HashMap<>();

    private Optional<RejectedImages> rejections = Optional.empty();

    public WaveStateReader(StateRef stateRef, ObjectId state) {
        this.stateRef = stateRef;
        this.state = state;
    }

    /** What is known of a wave, or of one of its sets where they have names: a hold is the whole wave's. */
    public WaveState of(String place) throws IOException {
        WaveState known = waves.get(place);
        if (known == null) {
            known = WaveState.read(file(place));
            if (WavePath.set(place) != null) {
                known = new WaveState(
                        known.deployed(),
                        known.unwell(),
                        of(WavePath.wave(place)).hold(),
                        known.qualified());
            }
            waves.put(place, known);
        }
        return known;
    }

    /** The bytes of the file of a wave or a set. */
    public Optional<byte[]> file(String place) throws IOException {
        return stateRef.file(state, StateRef.pathOf(place));
    }

    public RejectedImages rejections() throws IOException {
        if (rejections.isEmpty()) {
            rejections = Optional.of(RejectedImages.read(rejectedFile()));
        }
        return rejections.get();
    }

    Optional<byte[]> rejectedFile() throws IOException {
        return stateRef.file(state, REJECTED);
    }
}
