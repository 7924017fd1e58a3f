package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.driver.MemoryTransport.Move;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;

/** A git server in this process, whose refs each move by compare-and-set, and together or not at all. */
class MemoryServer implements MemoryTransport.Remote {

    private final MemoryRepository repository = new MemoryRepository();
    private volatile Map<String, ObjectId> refs = Map.of();

    @Override
    public MemoryRepository repository() {
        return repository;
    }

    /** The refs now; what is returned does not change. */
    Map<String, ObjectId> refs() {
        return refs;
    }

    @Override
    public Map<String, ObjectId> refs(boolean push) throws TransportException {
        return refs;
    }

    @Override
    public synchronized Map<String, String> update(Map<String, Move> moves) throws TransportException {
        var refusals = new TreeMap<String, String>();
        moves.forEach((ref, move) -> {
            if (!refs.getOrDefault(ref, ObjectId.zeroId()).equals(move.from())) {
                refusals.put(ref, "incorrect old value provided");
            }
        });
        if (refusals.isEmpty()) {
            moves.forEach((ref, move) -> set(ref, move.to()));
        }
        return refusals;
    }

    /** Moves a ref, whatever it is now; {@link ObjectId#zeroId()} deletes it. */
    synchronized void set(String ref, ObjectId to) {
        var after = new TreeMap<>(refs);
        if (to.equals(ObjectId.zeroId())) {
            after.remove(ref);
        } else {
            after.put(ref, to);
        }
        refs = after;
    }
}
