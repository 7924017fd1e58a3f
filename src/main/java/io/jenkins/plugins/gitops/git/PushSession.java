package io.jenkins.plugins.gitops.git;

import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.remote.RemoteRepository;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RemoteRefUpdate;

/**
 * A connection for one push. A server tells all of its refs when such a connection opens (gitprotocol-pack, reference
 * discovery), so that a push that is decided on these refs needs no other look.
 */
final class PushSession implements AutoCloseable {

    private static final String PUSH = "push";

    private final RemoteRepository remote;
    private final Repository git;
    private final RemoteRepository.Connection server;
    private final PushConnection connection;
    private boolean unread = true;

    private PushSession(
            RemoteRepository remote, Repository git, RemoteRepository.Connection server, PushConnection connection) {
        this.remote = remote;
        this.git = git;
        this.server = server;
        this.connection = connection;
    }

    /** Opens a connection; the caller closes it. */
    static PushSession open(RemoteRepository remote, Repository git)
            throws TransportException, NotSupportedException, RepoUnavailable {
        RemoteRepository.Connection server = remote.connect(git, PUSH);
        try {
            server.transport().setPushAtomic(true);
            var session =
                    new PushSession(remote, git, server, server.transport().openPush());
            server.waitsFor(Optional.empty());
            return session;
        } catch (TransportException | NotSupportedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Whether nobody has called {@link #look} yet. */
    boolean isUnread() {
        return unread;
    }

    /** Returns the plugin's refs, as they were when the connection opened. */
    RefSnapshot look(RefNames names) {
        unread = false;
        return refs(names);
    }

    /** Whether the refs were these when the connection opened. */
    boolean found(RefSnapshot snapshot) {
        return refs(snapshot.names()).equals(snapshot);
    }

    private RefSnapshot refs(RefNames names) {
        return RefSnapshot.of(names, advertised());
    }

    private Collection<Ref> advertised() {
        return connection.getRefsMap().values();
    }

    /** All refs of the server, as they were when the connection opened. */
    Map<String, ObjectId> found() {
        return advertised().stream()
                .filter(ref -> ref.getObjectId() != null)
                .collect(Collectors.toMap(Ref::getName, Ref::getObjectId));
    }

    /** Pushes changes atomically, unless a ref was not at its {@code from}; then nothing is sent. Ends the session. */
    PushResponse push(List<RefChange> changes) throws IOException {
        Map<String, ObjectId> found = found();
        var updates = new LinkedHashMap<String, RemoteRefUpdate>();
        for (RefChange change : changes) {
            if (!found.getOrDefault(change.ref(), ObjectId.zeroId()).equals(change.from())) {
                return PushResponse.overtaken(found);
            }
            if (!change.from().equals(change.to())) {
                updates.put(change.ref(), update(change));
            }
        }
        if (!updates.isEmpty()) {
            server.waitsFor(Optional.of(PUSH));
            connection.push(NullProgressMonitor.INSTANCE, updates);
        }
        // What the server says on the side has arrived when the connection is closed.
        connection.close();
        return PushResponse.of(updates.values(), connection.getMessages(), found, remote::redact);
    }

    private RemoteRefUpdate update(RefChange change) throws IOException {
        boolean delete = change.to().equals(ObjectId.zeroId());
        return new RemoteRefUpdate(
                git,
                delete ? null : change.to().name(),
                delete ? null : change.to(),
                change.ref(),
                true,
                null,
                change.from());
    }

    @Override
    public void close() {
        connection.close();
        server.close();
    }
}
