package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.StateFileProblem;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Reads the states of waves and the rejected images from one commit of the state ref; each file of a wave is read once.
 * A file that cannot be read counts as one that forbids everything that it could.
 */
public final class WaveStateReader {

    private final StateRef stateRef;
    private final ObjectId state;
    private final Map<WavePath, WaveState> waves = new HashMap<>();

    public WaveStateReader(StateRef stateRef, ObjectId state) {
        this.stateRef = stateRef;
        this.state = state;
    }

    /** What is known of a wave, or of one of its sets where they have names: a hold is the whole wave's. */
    public WaveState of(WavePath path) throws IOException {
        WaveState known = waves.get(path);
        if (known == null) {
            known = read(path);
            if (path.set().isPresent()) {
                known = known.within(of(path.wholeWave()));
            }
            waves.put(path, known);
        }
        return known;
    }

    private WaveState read(WavePath path) throws IOException {
        String file = StateRef.pathOf(path);
        try {
            return WaveState.read(stateRef.file(state, file));
        } catch (MalformedJsonException e) {
            return WaveState.unreadable(new StateFileProblem(file, e.getMessage()).sentence());
        }
    }

    /** The bytes of the file of a wave or a set, if it can be read. */
    public Optional<byte[]> file(WavePath path) throws IOException {
        return read(path).problem().isPresent() ? Optional.empty() : stateRef.file(state, StateRef.pathOf(path));
    }

    /**
     * The reason that keeps a set from being promoted, in a sentence: one of its images was rejected, or the rejections
     * cannot be read.
     */
    public Optional<String> rejection(ImageSet set) throws IOException {
        return stateRef.rejections().refusal(state, set);
    }

    /** The files of the state as they are when these digests are no longer rejected; empty for those that are gone. */
    Map<String, Optional<String>> filesAccepting(Set<String> digests) throws IOException {
        return stateRef.rejections().filesAccepting(state, digests);
    }

    boolean isRejected(String digest) throws IOException {
        return stateRef.rejections().contains(state, digest);
    }

    /** Why it is not known which images are rejected, in a sentence. */
    Optional<String> rejectionProblem() throws IOException {
        return stateRef.rejections().problem(state).map(StateFileProblem::sentence);
    }
}
