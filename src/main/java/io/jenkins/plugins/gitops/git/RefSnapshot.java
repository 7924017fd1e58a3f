package io.jenkins.plugins.gitops.git;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;

/**
 * The refs of a config repository as a server listed them. A server reads refs one after the other, so that a snapshot
 * can be torn: it may have one ref as before a push and another as after the same push.
 */
public record RefSnapshot(RefNames names, Map<String, ObjectId> refs) {

    public RefSnapshot {
        refs = Map.copyOf(refs);
    }

    /** Takes a snapshot of the plugin's refs from all refs of a server. */
    static RefSnapshot of(RefNames names, Collection<Ref> refs) {
        return new RefSnapshot(
                names,
                refs.stream()
                        .filter(ref -> names.covers(ref.getName()) && ref.getObjectId() != null)
                        .collect(Collectors.toMap(Ref::getName, Ref::getObjectId)));
    }

    /** The object of a ref; {@link ObjectId#zeroId()} if the ref does not exist. */
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

    /** The objects of the refs with reported check statuses, by the SHAs of the commits. */
    public Map<String, ObjectId> checks() {
        var checks = new TreeMap<String, ObjectId>();
        refs.forEach((ref, id) -> names.checkedCommit(ref).ifPresent(sha -> checks.put(sha, id)));
        return checks;
    }

    /** A change of one ref, whose lease is the value in this snapshot. */
    public RefChange move(String ref, ObjectId to) {
        return new RefChange(ref, get(ref), to);
    }

    /** This snapshot with changed refs. */
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
}
