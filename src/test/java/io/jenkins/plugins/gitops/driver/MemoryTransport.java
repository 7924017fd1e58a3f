package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.git.MemoryRepository;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.BaseConnection;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.PackLock;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportProtocol;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/**
 * Reaches a server in this process: URLs of the form {@code memory://<host>/}, where the host is registered. Objects
 * are copied from one {@link MemoryRepository} to the other, for one client at a time; everything else of JGit's fetch
 * and push is as it is. No client waits for another while a server that can pause it moves refs.
 */
final class MemoryTransport extends Transport {

    /** A server, as one client reaches it. Both may fail as a network does. */
    interface Remote {
        MemoryRepository repository();

        /** The refs, read in order to fetch or to push. */
        Map<String, ObjectId> refs(boolean push) throws TransportException;

        /**
         * Moves refs, all or none.
         *
         * @return why not, by ref; empty if they were moved
         */
        Map<String, String> update(Map<String, Move> moves) throws TransportException;

        /** Whether it moves all of the refs of a push or none, as it says. */
        default boolean isAtomic() {
            return true;
        }
    }

    /** A ref to be moved, if it still is at {@code from}. */
    record Move(ObjectId from, ObjectId to) {}

    private static final Map<String, Remote> HOSTS = new ConcurrentHashMap<>();

    // JGit keeps weak references to protocols.
    private static final TransportProtocol PROTOCOL = new TransportProtocol() {
        @Override
        public String getName() {
            return "memory";
        }

        @Override
        public boolean canHandle(URIish uri, Repository local, String remoteName) {
            return "memory".equals(uri.getScheme());
        }

        @Override
        public Transport open(URIish uri, Repository local, String remoteName) {
            return new MemoryTransport(local, uri);
        }
    };

    static {
        Transport.register(PROTOCOL);
    }

    // Only JGit's own transports are meant to answer a push.
    private static final Method SET_STATUS = setter("setStatus", RemoteRefUpdate.Status.class);
    private static final Method SET_MESSAGE = setter("setMessage", String.class);

    private final Remote remote;

    private MemoryTransport(Repository local, URIish uri) {
        super(local, uri);
        remote = HOSTS.get(uri.getHost());
    }

    private static Method setter(String name, Class<?> value) {
        try {
            Method setter = RemoteRefUpdate.class.getDeclaredMethod(name, value);
            setter.setAccessible(true);
            return setter;
        } catch (NoSuchMethodException e) {
            throw new LinkageError(name, e);
        }
    }

    private static void set(Method setter, RemoteRefUpdate update, Object value) {
        try {
            setter.invoke(update, value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(setter.getName(), e);
        }
    }

    /** Makes a server known as {@code memory://<host>/}, which is returned. */
    static String register(String host, Remote remote) {
        HOSTS.put(host, remote);
        return "memory://" + host + "/";
    }

    static void unregister(String host) {
        HOSTS.remove(host);
    }

    @Override
    public FetchConnection openFetch() throws TransportException {
        return new Fetch(remote.refs(false));
    }

    @Override
    public PushConnection openPush() throws TransportException {
        return new Push(remote.refs(true));
    }

    @Override
    public void close() {}

    private static Map<String, Ref> advertised(Map<String, ObjectId> refs) {
        var advertised = new TreeMap<String, Ref>();
        refs.forEach((name, id) -> advertised.put(name, new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, name, id)));
        return advertised;
    }

    /** Copies what is reachable from an object; what the target has it has with all that is reachable from it. */
    static void copy(MemoryRepository from, MemoryRepository to, ObjectId wanted) throws IOException {
        var found = new HashMap<ObjectId, ObjectLoader>();
        var open = new ArrayDeque<>(List.of(wanted));
        while (!open.isEmpty()) {
            ObjectId id = open.pop();
            if (to.objects().containsKey(id) || found.containsKey(id)) {
                continue;
            }
            ObjectLoader object = from.objects().get(id);
            if (object == null) {
                throw new IOException("the sender does not have " + id.name());
            }
            found.put(id, object);
            if (object.getType() == Constants.OBJ_COMMIT) {
                for (String line : new String(object.getCachedBytes(), StandardCharsets.UTF_8).split("\n")) {
                    if (line.startsWith("tree ") || line.startsWith("parent ")) {
                        open.push(ObjectId.fromString(line.substring(line.indexOf(' ') + 1)));
                    } else {
                        break;
                    }
                }
            } else if (object.getType() == Constants.OBJ_TREE) {
                var entries = new CanonicalTreeParser();
                for (entries.reset(object.getCachedBytes()); !entries.eof(); entries.next()) {
                    if (!entries.getEntryFileMode().equals(FileMode.GITLINK)) {
                        open.push(entries.getEntryObjectId());
                    }
                }
            }
        }
        to.objects().putAll(found);
    }

    private final class Fetch extends BaseConnection implements FetchConnection {
        Fetch(Map<String, ObjectId> refs) {
            available(advertised(refs));
        }

        @Override
        public void fetch(ProgressMonitor monitor, Collection<Ref> want, Set<ObjectId> have) throws TransportException {
            try {
                for (Ref ref : want) {
                    synchronized (remote.repository()) {
                        copy(remote.repository(), (MemoryRepository) local, ref.getObjectId());
                    }
                }
            } catch (IOException e) {
                throw new TransportException(e.getMessage(), e);
            }
        }

        @Override
        public void fetch(ProgressMonitor monitor, Collection<Ref> want, Set<ObjectId> have, OutputStream out)
                throws TransportException {
            fetch(monitor, want, have);
        }

        @Override
        public boolean didFetchIncludeTags() {
            return false;
        }

        @Override
        public boolean didFetchTestConnectivity() {
            return true;
        }

        @Override
        public void setPackLockMessage(String message) {}

        @Override
        public Collection<PackLock> getPackLocks() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private final class Push extends BaseConnection implements PushConnection {
        Push(Map<String, ObjectId> refs) {
            available(advertised(refs));
        }

        @Override
        public void push(ProgressMonitor monitor, Map<String, RemoteRefUpdate> updates) throws TransportException {
            var moves = new TreeMap<String, Move>();
            try {
                for (RemoteRefUpdate update : updates.values()) {
                    moves.put(
                            update.getRemoteName(), new Move(update.getExpectedOldObjectId(), update.getNewObjectId()));
                    if (!update.isDelete()) {
                        synchronized (remote.repository()) {
                            copy((MemoryRepository) local, remote.repository(), update.getNewObjectId());
                        }
                    }
                }
            } catch (IOException e) {
                throw new TransportException(e.getMessage(), e);
            }
            var refusals = new TreeMap<String, String>();
            if (remote.isAtomic()) {
                refusals.putAll(remote.update(moves));
            } else {
                for (Map.Entry<String, Move> move : moves.entrySet()) {
                    refusals.putAll(remote.update(Map.of(move.getKey(), move.getValue())));
                }
            }
            updates.forEach((name, update) -> {
                if (refusals.isEmpty() || !remote.isAtomic() && !refusals.containsKey(name)) {
                    set(SET_STATUS, update, RemoteRefUpdate.Status.OK);
                } else {
                    set(SET_STATUS, update, RemoteRefUpdate.Status.REJECTED_OTHER_REASON);
                    set(SET_MESSAGE, update, refusals.getOrDefault(name, "atomic transaction failed"));
                }
            });
        }

        @Override
        public void push(ProgressMonitor monitor, Map<String, RemoteRefUpdate> updates, OutputStream out)
                throws TransportException {
            push(monitor, updates);
        }

        @Override
        public void close() {}
    }
}
