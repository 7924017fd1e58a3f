package io.jenkins.plugins.gitops.git;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The refs of a config repository as one look at the server found them. The server lists them one after the other,
 * so a view can be torn: it may show one ref before and another after somebody's push.
 */
public record RefSnapshot(RefNames names, Map<String, ObjectId> refs) {

    public RefSnapshot {
        refs = Map.copyOf(refs);
    }

    /** What a ref points to; {@link ObjectId#zeroId()} if it does not exist. */
    public ObjectId get(String ref) {
        return refs.getOrDefault(ref, ObjectId.zeroId());
    }

    public Optional<ObjectId> main() {
        return Optional.ofNullable(refs.get(names.main()));
    }

    public Optional<ObjectId> auto() {
        return Optional.ofNullable(refs.get(names.auto()));
    }

    public ObjectId state() {
        return get(names.state());
    }

    public ObjectId notes() {
        return get(RefNames.NOTES);
    }

    /** The refs that hold reported verdicts, by the commit they are about. */
    public Map<String, ObjectId> checks() {
        var checks = new TreeMap<String, ObjectId>();
        refs.forEach((ref, id) -> names.checkedCommit(ref).ifPresent(sha -> checks.put(sha, id)));
        return checks;
    }

    /** A change of one ref from what this view has. */
    public RefChange move(String ref, ObjectId to) {
        return new RefChange(ref, get(ref), to);
    }

    /** This view with refs changed. */
    public RefSnapshot with(List<RefChange> changes) {
        var changed = new HashMap<>(refs);
        for (RefChange change : changes) {
            if (change.to().equals(ObjectId.zeroId())) {
                changed.remove(change.ref());
            } else {
                changed.put(change.ref(), change.to());
            }
        }
        return new RefSnapshot(names, changed);
    }

    /** This view after an accepted push; nothing if the server had something else already when the push began. */
    public Optional<RefSnapshot> after(ConfigRepoClone.Pushed pushed, List<RefChange> changes) {
        var found = new HashMap<>(pushed.found());
        found.keySet().removeIf(ref -> !names.covers(ref));
        return found.equals(refs) ? Optional.of(with(changes)) : Optional.empty();
    }
}
