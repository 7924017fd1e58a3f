package io.jenkins.plugins.gitops.git;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.git.remote.GitTransportException;
import io.jenkins.plugins.gitops.git.remote.RemoteRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;

/**
 * A config repository on its server, and the bare clone of it that this process keeps. The clone's own refs remember
 * what was last seen and taken for true, across restarts.
 *
 * <p>Used by one thread at a time.
 */
public final class ConfigRepoClone implements AutoCloseable {

    private static final RetryPolicy<Object> TRY_AGAIN = RetryPolicy.builder()
            .handleIf(e -> e instanceof GitTransportException trouble && trouble.isRetryable())
            .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(2))
            .withJitter(0.25)
            .withMaxRetries(3)
            .build();

    private final CloneStore store;
    private final RemoteRepository remote;
    private final Executor housekeeper;

    @CheckForNull
    private volatile FetchProgress progress;

    private Repository git;
    private CloneGc housekeeping;

    private ConfigRepoClone(CloneStore store, RemoteRepository remote, Executor housekeeper) throws IOException {
        this.store = store;
        this.remote = remote;
        this.housekeeper = housekeeper;
        this.git = store.open();
        this.housekeeping = new CloneGc(git, housekeeper);
    }

    /**
     * Opens the clone; creates an empty one if there is none.
     *
     * @param folder the folder of the clone; nothing else may use it
     * @param url the address of the repository, without user and password
     * @param credentials called for each connection
     * @param housekeeper runs the garbage collection of the clone, which takes seconds
     * @throws RepoUnavailable if the address is malformed or the clone cannot be opened
     */
    public static ConfigRepoClone open(Path folder, String url, CredentialsSource credentials, Executor housekeeper)
            throws RepoUnavailable {
        return open(new CloneFolder(folder), url, credentials, housekeeper);
    }

    /** As {@link #open(Path, String, CredentialsSource, Executor)}; garbage collection runs on the caller's thread. */
    public static ConfigRepoClone open(Path folder, String url, CredentialsSource credentials) throws RepoUnavailable {
        return open(folder, url, credentials, Runnable::run);
    }

    /** As {@link #open(Path, String, CredentialsSource)}, for a clone that is not in a folder. */
    public static ConfigRepoClone open(CloneStore store, String url, CredentialsSource credentials)
            throws RepoUnavailable {
        return open(store, url, credentials, Runnable::run);
    }

    private static ConfigRepoClone open(
            CloneStore store, String url, CredentialsSource credentials, Executor housekeeper) throws RepoUnavailable {
        RemoteRepository remote = RemoteRepository.at(url, credentials);
        try {
            var repo = new ConfigRepoClone(store, remote, housekeeper);
            repo.beginAnewForAnotherUrl();
            return repo;
        } catch (IOException e) {
            throw new RepoUnavailable(
                    "The clone of " + url + " in " + store + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Replaces a clone of another repository, whose refs are not those of this one. */
    private void beginAnewForAnotherUrl() throws IOException {
        String known = git.getConfig().getString("remote", "origin", "url");
        if (remote.configuredUrl().equals(known)) {
            return;
        }
        if (known != null) {
            beginAnew();
        } else {
            rememberUrl();
        }
    }

    private void rememberUrl() throws IOException {
        git.getConfig().setString("remote", "origin", "url", remote.configuredUrl());
        git.getConfig().save();
    }

    /** The local repository, for reading and inserting objects. */
    public Repository git() {
        return git;
    }

    /** The URL for messages; contains no secret. */
    public String url() {
        return remote.url();
    }

    /** Deletes the clone with its remembered refs and creates an empty one; called for a damaged clone. */
    public void beginAnew() throws IOException {
        close();
        store.delete();
        git = store.open();
        housekeeping = new CloneGc(git, housekeeper);
        rememberUrl();
    }

    /**
     * Reads the plugin's refs on the server and fetches the objects that the clone lacks. The refs of the clone stay as
     * they are, see {@link #remember}. Tries again up to three times if the connection fails.
     *
     * @throws RepoUnavailable if the server cannot be read
     * @throws IOException if the clone is damaged
     */
    public RefSnapshot look(RefNames names) throws RepoUnavailable, IOException {
        try {
            return Failsafe.with(TRY_AGAIN).get(() -> lookOnce(names));
        } catch (FailsafeException e) {
            if (e.getCause() instanceof RepoUnavailable known) {
                throw known;
            }
            if (e.getCause() instanceof GitTransportException trouble) {
                throw trouble.explained();
            }
            if (e.getCause() instanceof IOException damage) {
                throw damage;
            }
            throw unreadable(e.getCause());
        }
    }

    private RefSnapshot lookOnce(RefNames names) throws GitTransportException, RepoUnavailable, IOException {
        List<RefSpec> asked = names.patterns()
                .map(pattern -> pattern.endsWith("/") ? pattern + "*" : pattern)
                .map(pattern -> new RefSpec(pattern + ":" + pattern))
                .toList();
        try (RemoteRepository.Connection server = remote.connect(git);
                FetchConnection connection = server.transport().openFetch(asked)) {
            List<Ref> ours = connection.getRefs().stream()
                    .filter(ref -> names.covers(ref.getName()) && ref.getObjectId() != null)
                    .toList();
            var lacking = new ArrayList<Ref>();
            for (Ref ref : ours) {
                if (!git.getObjectDatabase().has(ref.getObjectId())) {
                    lacking.add(ref);
                }
            }
            if (!lacking.isEmpty()) {
                var monitor = new FetchProgress();
                progress = monitor;
                connection.fetch(monitor, lacking, Set.of());
            }
            return new RefSnapshot(names, ours.stream().collect(Collectors.toMap(Ref::getName, Ref::getObjectId)));
        } catch (TransportException | NotSupportedException e) {
            if (!git.getObjectDatabase().exists()) {
                throw new IOException("the clone is gone", e);
            }
            throw remote.failure(e);
        } finally {
            progress = null;
        }
    }

    /** The progress of a running fetch, in words; empty text if none is running. May be called from any thread. */
    public String progress() {
        FetchProgress now = progress;
        return now == null ? "" : now.toString();
    }

    /** Lists the refs of the server below a prefix that ends in a slash; fetches no objects. */
    public Map<String, ObjectId> list(String prefix) throws RepoUnavailable {
        try (RemoteRepository.Connection server = remote.connect(git);
                FetchConnection connection =
                        server.transport().openFetch(List.of(new RefSpec(prefix + "*:" + prefix + "*")))) {
            return ids(connection.getRefs().stream()
                    .filter(ref -> ref.getName().startsWith(prefix))
                    .toList());
        } catch (TransportException | NotSupportedException e) {
            throw remote.failure(e).explained();
        }
    }

    /** The refs that were remembered last. */
    public RefSnapshot remembered(RefNames names) throws IOException {
        var refs = new HashMap<String, ObjectId>();
        for (Ref ref : git.getRefDatabase().getRefs()) {
            if (names.covers(ref.getName()) && ref.getObjectId() != null) {
                refs.put(ref.getName(), ref.getObjectId());
            }
        }
        return new RefSnapshot(names, refs);
    }

    /** Stores a snapshot that the driver has accepted in the refs of the clone, which outlive a restart. */
    public void remember(RefSnapshot view) throws IOException {
        RefSnapshot before = remembered(view.names());
        for (String ref : before.refs().keySet()) {
            if (!view.refs().containsKey(ref)) {
                RefUpdate update = git.updateRef(ref);
                update.setForceUpdate(true);
                written(ref, update.delete());
            }
        }
        for (var ref : view.refs().entrySet()) {
            if (!ref.getValue().equals(before.get(ref.getKey()))) {
                RefUpdate update = git.updateRef(ref.getKey());
                update.setNewObjectId(ref.getValue());
                written(ref.getKey(), update.forceUpdate());
            }
        }
        if (!view.refs().equals(before.refs())) {
            housekeeping.look();
        }
    }

    /** Fails if a ref was not written. Nothing else uses the clone, so that a lock is left over from a dead process. */
    private static void written(String ref, RefUpdate.Result result) throws IOException {
        switch (result) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
            default -> throw new IOException("the ref " + ref + " of the clone cannot be written: " + result);
        }
    }

    /**
     * The result of a push.
     *
     * @param accepted whether the server accepted all changes; otherwise it accepted none, or the answer was lost
     * @param overtaken whether the server had another value of a ref than the lease, so that the push was not sent
     * @param refusals the messages of the server, by ref; unless {@code overtaken}, the next snapshot tells whether a
     *     lease did not hold or the server refused
     * @param lost why the answer did not arrive, or null
     * @param found the refs before the push, as far as the server advertises them to a client that pushes
     */
    public record Pushed(
            boolean accepted,
            boolean overtaken,
            Map<String, String> refusals,
            @CheckForNull RepoUnavailable lost,
            Map<String, ObjectId> found) {}

    /**
     * Pushes ref changes atomically, each with a lease: the server must still have its {@code from}.
     *
     * @throws RepoUnavailable if nothing was pushed: no connection, no permission, or no support of atomic pushes
     */
    public Pushed push(List<RefChange> changes) throws RepoUnavailable {
        try (RemoteRepository.Connection server = remote.connect(git)) {
            server.transport().setPushAtomic(true);
            var updates = new ArrayList<RemoteRefUpdate>();
            for (RefChange change : changes) {
                boolean delete = change.to().equals(ObjectId.zeroId());
                updates.add(new RemoteRefUpdate(
                        git,
                        delete ? null : change.to().name(),
                        delete ? null : change.to(),
                        change.ref(),
                        true,
                        null,
                        change.from()));
            }
            PushResult result = server.transport().push(NullProgressMonitor.INSTANCE, updates);
            var refusals = new HashMap<String, String>();
            for (RemoteRefUpdate update : result.getRemoteUpdates()) {
                switch (update.getStatus()) {
                    case OK, UP_TO_DATE -> {}
                    default -> refusals.put(update.getRemoteName(), refusal(update));
                }
            }
            boolean overtaken = result.getRemoteUpdates().stream()
                    .anyMatch(update -> update.getStatus() == RemoteRefUpdate.Status.REJECTED_REMOTE_CHANGED);
            return new Pushed(refusals.isEmpty(), overtaken, refusals, null, ids(result.getAdvertisedRefs()));
        } catch (TransportException | NotSupportedException e) {
            GitTransportException trouble = remote.failure(e);
            if (trouble.isRetryable()) {
                return new Pushed(false, false, Map.of(), trouble.explained(), Map.of());
            }
            throw trouble.explained();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * The result of a test of the permissions to push.
     *
     * @param found the plugin's refs that exist
     * @param refused the refs that the server would refuse to write
     */
    public record Probed(Map<String, ObjectId> found, List<String> refused) {}

    /**
     * Tests whether the plugin's refs may be pushed, and changes none: all of them are pushed with their present
     * values, or created, in an atomic push that also has a ref whose lease cannot hold. Fetches their tips.
     *
     * @throws RepoUnavailable if there is no connection, no permission, or no support of atomic pushes
     */
    public Probed probe(RefNames names) throws RepoUnavailable {
        return new PushProbe(remote, git).run(names);
    }

    private static Map<String, ObjectId> ids(Collection<Ref> refs) {
        return refs.stream()
                .filter(ref -> ref.getObjectId() != null)
                .collect(Collectors.toMap(Ref::getName, Ref::getObjectId));
    }

    private static String refusal(RemoteRefUpdate update) {
        return update.getMessage() != null
                ? SingleLine.of(update.getMessage())
                : update.getStatus().toString();
    }

    private RepoUnavailable unreadable(Throwable e) {
        return new RepoUnavailable("The config repository " + url() + " cannot be read: " + e, e);
    }

    @Override
    public void close() {
        housekeeping.stop();
        git.close();
    }
}
