package io.jenkins.plugins.gitops.git;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.git.remote.GitTransportException;
import io.jenkins.plugins.gitops.git.remote.RemoteRepository;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;

/**
 * A config repository on its server, and the bare clone of it that this process keeps. The clone's own refs remember
 * what was last seen and taken for true, across restarts.
 *
 * <p>Used by one thread at a time.
 */
public final class ConfigRepoClone implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(ConfigRepoClone.class.getName());

    private static final RetryPolicy<Object> TRY_AGAIN = RetryPolicy.builder()
            .handleIf(e -> e instanceof GitTransportException trouble && trouble.isRetryable())
            .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(2))
            .withJitter(0.25)
            .withMaxRetries(3)
            .build();

    private final RemoteRepository remote;
    private final LocalClone local;

    @CheckForNull
    private volatile FetchProgress progress;

    /** Whether the server is known to accept the refs that a change needs; see {@link #testPushableOnce}. */
    private boolean pushable;

    /** The open connection for the next push, if there is one. */
    @CheckForNull
    private PushSession session;

    private ConfigRepoClone(RemoteRepository remote, LocalClone local) {
        this.remote = remote;
        this.local = local;
    }

    /**
     * Creates a clone that is not open yet.
     *
     * @param folder the folder of the clone; nothing else may use it while the clone is open
     * @param url the address of the repository, without user and password
     * @param credentials called for each connection
     * @param housekeeper runs the garbage collection of the clone, which takes seconds
     * @throws RepoUnavailable if the address is malformed
     */
    public static ConfigRepoClone in(Path folder, String url, CredentialsSource credentials, Executor housekeeper)
            throws RepoUnavailable {
        RemoteRepository remote = RemoteRepository.at(url, credentials);
        return new ConfigRepoClone(remote, new LocalClone(new CloneFolder(folder), remote, housekeeper));
    }

    /**
     * Opens the clone in a folder; creates an empty one if there is none. Garbage collection runs on the caller's thread.
     *
     * @throws RepoUnavailable if the address is malformed or the clone cannot be opened
     */
    public static ConfigRepoClone open(Path folder, String url, CredentialsSource credentials) throws RepoUnavailable {
        return open(new CloneFolder(folder), url, credentials);
    }

    /** As {@link #open(Path, String, CredentialsSource)}, for a clone that is not in a folder. */
    public static ConfigRepoClone open(CloneStore store, String url, CredentialsSource credentials)
            throws RepoUnavailable {
        RemoteRepository remote = RemoteRepository.at(url, credentials);
        var clone = new ConfigRepoClone(remote, new LocalClone(store, remote, Runnable::run));
        clone.open();
        return clone;
    }

    /**
     * Opens the clone, unless it is open; creates an empty one if there is none.
     *
     * @return whether it was opened now
     * @throws RepoUnavailable if it cannot be opened
     */
    public boolean open() throws RepoUnavailable {
        try {
            return local.open();
        } catch (IOException | RuntimeException e) {
            throw new RepoUnavailable(
                    "The clone of " + remote.url() + " in " + local + " cannot be opened: " + e.getMessage()
                            + ". Make room on its disk, or let Jenkins write to its folder.",
                    e);
        }
    }

    /** The local repository, for reading and inserting objects. */
    public Repository git() {
        return local.git();
    }

    /** The URL for messages; contains no secret. */
    public String url() {
        return remote.url();
    }

    /**
     * Returns the signer of the commits of the repository at the moment.
     *
     * @throws RepoUnavailable if a key is configured but missing or unusable
     */
    public CommitSigner signer() throws RepoUnavailable {
        return remote.signer();
    }

    /** The host of the server. */
    public String host() {
        return remote.host();
    }

    /** Removes the secrets of the connection from a text of the server. */
    public String redact(String text) {
        return remote.redact(text);
    }

    /** Sets the listener of {@link RemoteRepository#setListener}. */
    public void onServerCall(Consumer<Optional<String>> listener) {
        remote.setListener(listener);
    }

    /** Checks before the clone is used whether it is damaged; returns what is. */
    public Optional<String> findDamage() {
        return local.findDamage();
    }

    /** Checks whether the clone is damaged if its garbage collection has failed since the last call; returns what is. */
    public Optional<String> findDamageAfterGc() throws IOException {
        return local.findDamageAfterGc();
    }

    /** Checks whether the clone is damaged after work on it has failed; returns what is. */
    public Optional<String> findDamage(Throwable failure) {
        return local.findDamage(failure);
    }

    /**
     * Gives up the clone, with what it remembered, and makes a new one.
     *
     * @param damage why, for the log
     */
    public void beginAnew(String damage) throws IOException {
        endSession();
        local.beginAnew(damage);
    }

    /**
     * Reads the plugin's refs on the server and fetches the objects that the clone lacks. The refs of the clone stay as
     * they are, see {@link #remember}. Tries again up to three times if the connection fails.
     *
     * @throws RepoUnavailable if the server cannot be read
     * @throws IOException if the clone is damaged
     */
    public RefSnapshot look(RefNames names) throws RepoUnavailable, IOException {
        return look(() -> lookOnce(names));
    }

    /**
     * As {@link #look}, on a connection for a push, which stays open for {@link #push(RefSnapshot, List)} until
     * {@link #endSession}: a push then takes no look of its own. The server tells more refs than the plugin's here.
     */
    public RefSnapshot lookToPush(RefNames names) throws RepoUnavailable, IOException {
        return look(() -> lookToPushOnce(names));
    }

    private RefSnapshot look(CheckedSupplier<RefSnapshot> once) throws RepoUnavailable, IOException {
        try {
            return Failsafe.with(TRY_AGAIN).get(once);
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

    private RefSnapshot lookToPushOnce(RefNames names) throws GitTransportException, RepoUnavailable, IOException {
        checkWhole();
        try {
            PushSession opened = openSession();
            RefSnapshot advertised = opened.look(names);
            for (ObjectId tip : advertised.refs().values()) {
                if (!git().getObjectDatabase().has(tip)) {
                    RefSnapshot fetched = lookOnce(names);
                    if (!fetched.equals(advertised)) {
                        endSession();
                    }
                    return fetched;
                }
            }
            return advertised;
        } catch (LargeObjectException e) {
            throw e;
        } catch (TransportException | NotSupportedException | RuntimeException e) {
            throw failedLook(e);
        }
    }

    /** Opens a connection for a push, unless there is one whose refs nobody has read yet. */
    private PushSession openSession() throws TransportException, NotSupportedException, RepoUnavailable {
        PushSession opened = session;
        if (opened == null || !opened.isUnread()) {
            endSession();
            opened = PushSession.open(remote, git());
            session = opened;
        }
        return opened;
    }

    /** Closes the connection for a push, if one is open. */
    public void endSession() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private RefSnapshot lookOnce(RefNames names) throws GitTransportException, RepoUnavailable, IOException {
        checkWhole();
        List<RefSpec> asked = names.patterns()
                .map(pattern -> pattern.endsWith("/") ? pattern + "*" : pattern)
                .map(pattern -> new RefSpec(pattern + ":" + pattern))
                .toList();
        try (RemoteRepository.Connection server = remote.connectToFetch(git());
                FetchConnection connection = server.transport().openFetch(asked)) {
            remote.listed(connection.getRefs().size());
            RefSnapshot found = RefSnapshot.of(names, connection.getRefs());
            var lacking = new ArrayList<Ref>();
            for (String ref : found.refs().keySet()) {
                if (!git().getObjectDatabase().has(found.get(ref))) {
                    lacking.add(connection.getRef(ref));
                }
            }
            if (!lacking.isEmpty()) {
                var monitor = new FetchProgress();
                progress = monitor;
                connection.fetch(monitor, lacking, Set.of());
                if (isShallow()) {
                    throw new RepoMisconfigured(
                            "The config repository " + url() + " is itself shallow: its server lacks"
                                    + " the beginning of its history. Fetch it there with \"git fetch --unshallow\".");
                }
            }
            return found;
        } catch (LargeObjectException e) {
            throw e;
        } catch (TransportException | NotSupportedException | RuntimeException e) {
            if (remote.listingFailed(e)) {
                return lookOnce(names);
            }
            throw failedLook(e);
        } finally {
            progress = null;
        }
    }

    private IOException failedLook(Exception e) {
        GitTransportException trouble = remote.failure(e);
        if (!git().getObjectDatabase().exists()) {
            return new IOException("the clone is gone", trouble);
        }
        if (isAboutAnObject(e)) {
            return new IOException(trouble.getCause());
        }
        return CloneInspection.cause(e, EOFException.class).isPresent() ? whyItEnded(trouble) : trouble;
    }

    /** Where objects have other names, git ends a fetch without a word; who wants to push is told their format. */
    private GitTransportException whyItEnded(GitTransportException trouble) {
        try {
            PushSession.open(remote, git()).close();
        } catch (TransportException | NotSupportedException | RuntimeException e) {
            GitTransportException told = remote.failure(e);
            return told.isUnsupported() ? told : trouble;
        } catch (RepoUnavailable e) {
            // The first failure says more.
        }
        return trouble;
    }

    private void checkWhole() throws IOException {
        if (isShallow()) {
            throw new IOException("the clone is shallow");
        }
    }

    /** Whether history was cut off, which only a server whose own repository is shallow does here. */
    private boolean isShallow() throws IOException {
        return !git().getObjectDatabase().getShallowCommits().isEmpty();
    }

    /** The progress of a running fetch, in words; empty text if none is running. May be called from any thread. */
    public String progress() {
        FetchProgress now = progress;
        return now == null ? "" : now.toString();
    }

    /** Lists the refs of the server below a prefix that ends in a slash; fetches no objects. */
    public Map<String, ObjectId> list(String prefix) throws RepoUnavailable {
        try (RemoteRepository.Connection server = remote.connect(git(), "list the refs below " + prefix);
                FetchConnection connection =
                        server.transport().openFetch(List.of(new RefSpec(prefix + "*:" + prefix + "*")))) {
            return connection.getRefs().stream()
                    .filter(ref -> ref.getName().startsWith(prefix) && ref.getObjectId() != null)
                    .collect(Collectors.toMap(Ref::getName, Ref::getObjectId));
        } catch (TransportException | NotSupportedException | RuntimeException e) {
            throw remote.failure(e).explained();
        }
    }

    /** The refs that were remembered last. */
    public RefSnapshot remembered(RefNames names) throws IOException {
        return local.memory().read(names);
    }

    /** Stores a snapshot that the driver has accepted in the refs of the clone, which outlive a restart. */
    public void remember(RefSnapshot view) throws IOException {
        local.memory().write(view);
    }

    /** Stores the present values of some refs; the others stay. */
    public void remember(List<RefChange> changes) throws IOException {
        local.memory().write(changes);
    }

    /** Whether an object could not be read or found, possibly because the clone is damaged. */
    private static boolean isAboutAnObject(Throwable failure) {
        return CloneInspection.cause(failure, MissingObjectException.class).isPresent()
                || CloneInspection.cause(failure, CorruptObjectException.class).isPresent();
    }

    /**
     * Pushes ref changes atomically, each with a lease: the server must still have its {@code from}.
     *
     * @throws RepoUnavailable if nothing was pushed: no connection, no permission, or no support of atomic pushes
     */
    public PushResponse push(List<RefChange> changes) throws RepoUnavailable {
        return push(Optional.empty(), changes);
    }

    /**
     * As {@link #push(List)}, if the server still has all of the plugin's refs as in the snapshot on which the changes
     * were decided. Otherwise nothing is sent, and the next {@link #lookToPush} tells what was found instead.
     */
    public PushResponse push(RefSnapshot decidedOn, List<RefChange> changes) throws RepoUnavailable {
        return push(Optional.of(decidedOn), changes);
    }

    private PushResponse push(Optional<RefSnapshot> decidedOn, List<RefChange> changes) throws RepoUnavailable {
        try {
            if (session == null) {
                session = PushSession.open(remote, git());
            }
            if (decidedOn.isPresent() && !session.found(decidedOn.get())) {
                return PushResponse.overtaken(session.found());
            }
            PushResponse response;
            try {
                response = session.push(changes);
            } finally {
                endSession();
            }
            return response.moved().isEmpty() ? response : putBack(response);
        } catch (LargeObjectException e) {
            throw e;
        } catch (TransportException | NotSupportedException | RuntimeException e) {
            GitTransportException trouble = remote.failure(e);
            if (isAboutAnObject(e)) {
                throw unreadable(trouble.getCause());
            }
            if (trouble.isRetryable()) {
                return PushResponse.lost(trouble.explained());
            }
            throw trouble.explained();
        } catch (IOException e) {
            throw unreadable(remote.failure(e).getCause());
        }
    }

    /**
     * Undoes what the server did of a push that it refused otherwise, so that it has done none of it. A ref that somebody
     * moved on since stays.
     */
    private PushResponse putBack(PushResponse response) throws IOException, RepoUnavailable {
        try (PushSession again = PushSession.open(remote, git())) {
            HalfDonePush halfDone = HalfDonePush.of(response, again.found());
            PushResponse undoing = again.push(halfDone.back());
            if (!undoing.accepted() || halfDone.isMovedOn()) {
                throw new RepoMisconfigured(remote.redact(halfDone.sentence(url(), undoing)));
            }
        }
        return response.putBack();
    }

    /**
     * The result of a test of the permissions to push.
     *
     * @param found the plugin's refs that exist
     * @param refused the refs that the server would refuse to write, each with a sentence that has its reason
     */
    public record Probed(Map<String, ObjectId> found, Map<String, String> refused) {}

    /**
     * Tests whether the plugin's refs may be pushed, and changes none: all of them are pushed with their present
     * values, or created, in an atomic push that also has a ref whose lease cannot hold. Fetches their tips.
     *
     * @throws RepoUnavailable if there is no connection, no permission, or no support of atomic pushes
     */
    public Probed probe(RefNames names) throws RepoUnavailable {
        return new PushProbe(remote, git()).run(names);
    }

    /**
     * Tests in the same way, once, the refs that a change needs beside main, if nothing was decided in the repository
     * yet: its auto branch would be there before the server refuses the rest.
     *
     * @param refs the refs as they were read last
     * @return whether it was tested now, which ends the session for the next push
     * @throws RepoUnavailable if the server refuses one of them, with its reason
     */
    public boolean testPushableOnce(RefSnapshot refs) throws RepoUnavailable {
        if (pushable || !refs.state().equals(ObjectId.zeroId())) {
            return false;
        }
        endSession();
        Optional<RepoUnavailable> refusal = new PushProbe(remote, git()).runWithoutMain(refs);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        pushable = true;
        return true;
    }

    /** A commit or folder of the repository that JGit reads only as a whole, and that is larger than it reads so. */
    public RepoMisconfigured tooLarge(LargeObjectException e) {
        String object =
                e.getObjectId() == null ? "a commit or folder" : e.getObjectId().name();
        return new RepoMisconfigured(
                "The config repository " + url() + " cannot be driven: its object " + object + " is too large. Commits"
                        + " and lists of the files of a folder can have 50 MB; take it out of the branches of the"
                        + " repository.",
                e);
    }

    private RepoUnavailable unreadable(Throwable e) {
        return new RepoUnavailable("The config repository " + url() + " cannot be read: " + e, e);
    }

    @Override
    public void close() {
        endSession();
        local.close();
    }
}
