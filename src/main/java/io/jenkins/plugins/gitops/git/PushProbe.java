package io.jenkins.plugins.gitops.git;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.git.remote.RemoteRepository;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RemoteRefUpdate;

/**
 * Tests whether a server accepts pushes of the plugin's refs, without changing any. One atomic push has all of these
 * refs, with their present values or as new refs, and one more ref whose lease cannot hold, so that the server rejects
 * the push as a whole.
 */
final class PushProbe {

    /** The messages of git and JGit for a lease that does not hold, and for the other refs of that atomic push. */
    private static final Pattern OWN_DOING = Pattern.compile(
            "(?i)atomic|transaction|\\block\\b|failed to update ref|old id|no such ref|incorrect old value|does not exist");

    private final RemoteRepository remote;
    private final Repository git;

    PushProbe(RemoteRepository remote, Repository git) {
        this.remote = remote;
        this.git = git;
    }

    /**
     * Fetches the tips of the plugin's refs and runs the test with all refs that a change needs from append to merge.
     *
     * @throws RepoUnavailable if the server cannot be reached or does not accept the push as a whole
     */
    ConfigRepoClone.Probed run(RefNames names) throws RepoUnavailable {
        return onConnection(connection -> {
            // After the connection, since its answer tells more of a repository that cannot be used.
            Map<String, ObjectId> found = fetchTips(names);
            var refused = new LinkedHashMap<String, String>();
            if (found.containsKey(names.main())) {
                List<String> tested = List.of(names.main(), names.auto(), names.state(), RefNames.NOTES);
                refused(connection, names, tested, found)
                        .forEach((ref, refusal) -> refused.put(ref, refusal.getMessage()));
            }
            return new ConfigRepoClone.Probed(found, refused);
        });
    }

    /**
     * Runs the test with the same refs except main, whose rules may look at commits that are not there yet.
     *
     * @param refs have their objects in the clone
     * @return why the server refuses one of them, if it does
     */
    Optional<RepoUnavailable> runWithoutMain(RefSnapshot refs) throws RepoUnavailable {
        RefNames names = refs.names();
        List<String> tested = List.of(names.state(), RefNames.NOTES, names.auto());
        return onConnection(connection -> refused(connection, names, tested, refs.refs()).values().stream()
                .findFirst());
    }

    @FunctionalInterface
    private interface ProbeOnConnection<T> {
        T run(PushConnection connection) throws IOException, RepoUnavailable;
    }

    private <T> T onConnection(ProbeOnConnection<T> probe) throws RepoUnavailable {
        try (RemoteRepository.Connection server = remote.connect(git, "push")) {
            server.transport().setPushAtomic(true);
            try (PushConnection connection = server.transport().openPush()) {
                return probe.run(connection);
            }
        } catch (IOException | RuntimeException e) {
            throw remote.failure(e).explained();
        }
    }

    private Map<String, ObjectId> fetchTips(RefNames names) throws IOException, RepoUnavailable {
        var found = new HashMap<String, ObjectId>();
        try (RemoteRepository.Connection server = remote.connect(git, "fetch")) {
            server.transport().setDepth(1);
            try (FetchConnection connection = server.transport().openFetch()) {
                List<Ref> tips = Stream.of(names.main(), names.auto(), names.state(), RefNames.NOTES)
                        .map(connection::getRef)
                        .filter(ref -> ref != null && ref.getObjectId() != null)
                        .toList();
                tips.forEach(tip -> found.put(tip.getName(), tip.getObjectId()));
                if (found.containsKey(names.main())) {
                    connection.fetch(NullProgressMonitor.INSTANCE, tips, Set.of());
                }
            }
        }
        return found;
    }

    /** The refs that the server refuses of these, with sentences. Ends the connection. */
    private Map<String, RepoUnavailable> refused(
            PushConnection connection, RefNames names, List<String> tested, Map<String, ObjectId> found)
            throws IOException {
        ObjectId main = found.get(names.main());
        var updates = new LinkedHashMap<String, RemoteRefUpdate>();
        for (String ref : tested) {
            ObjectId now = found.get(ref);
            updates.put(ref, now == null ? update(ref, ObjectId.zeroId(), main) : update(ref, now, now));
        }
        updates.put(names.probe(), update(names.probe(), main, main));
        // Transport.push would leave out refs that do not change.
        connection.push(NullProgressMonitor.INSTANCE, updates);
        // What the server says on the side has arrived when the connection is closed.
        connection.close();
        Set<String> existing = connection.getRefsMap().keySet();
        String words = PushResponse.words(connection.getMessages());
        var refused = new LinkedHashMap<String, RepoUnavailable>();
        for (String ref : tested) {
            String message = updates.get(ref).getMessage();
            if (!isExpectedRejection(message)
                    || PushResponse.refBeside(ref, existing).isPresent()) {
                String reason = message == null ? "" : SingleLine.of(message);
                String sentence = remote.redact(PushResponse.refusal(remote.url(), ref, reason, words, existing));
                refused.put(ref, PushResponse.failure(sentence, ref, reason, words, existing));
            }
        }
        return refused;
    }

    private RemoteRefUpdate update(String ref, ObjectId from, ObjectId to) throws IOException {
        return new RemoteRefUpdate(git, to.name(), to, ref, false, null, from);
    }

    /** Whether a rejection is caused by the lease that cannot hold, directly or because the push is atomic. */
    private static boolean isExpectedRejection(@Nullable String message) {
        return message == null || OWN_DOING.matcher(message).find();
    }
}
