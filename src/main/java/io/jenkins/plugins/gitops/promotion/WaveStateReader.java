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

/** Reads the states of waves and the rejected images from one commit of the state ref; each file is read once. */
public final class WaveStateReader {

    static final String REJECTED = "rejected.json";

    private final StateRef stateRef;
    private final ObjectId state;
    private final Map<WavePath, WaveState> waves = new HashMap<>();

    private Optional<RejectedImages> rejections = Optional.empty();

    public WaveStateReader(StateRef stateRef, ObjectId state) {
        this.stateRef = stateRef;
        this.state = state;
    }

    /** What is known of a wave, or of one of its sets where they have names: a hold is the whole wave's. */
    public WaveState of(WavePath path) throws IOException {
        WaveState known = waves.get(path);
        if (known == null) {
            known = WaveState.read(file(path));
            if (path.set().isPresent()) {
                known = new WaveState(
                        known.deployed(), known.unwell(), of(path.wholeWave()).hold(), known.qualified());
            }
            waves.put(path, known);
        }
        return known;
    }

    /** The bytes of the file of a wave or a set. */
    public Optional<byte[]> file(WavePath path) throws IOException {
        return stateRef.file(state, StateRef.pathOf(path));
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
