package io.jenkins.plugins.gitops.git;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.remote.RemoteRepository;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final Pattern OWN_DOING =
            Pattern.compile("(?i)atomic|transaction|\\block\\b|failed to update ref|old id|no such ref");

    private final RemoteRepository remote;
    private final Repository git;

    PushProbe(RemoteRepository remote, Repository git) {
        this.remote = remote;
        this.git = git;
    }

    /**
     * Fetches the tips of the plugin's refs and runs the test.
     *
     * @throws RepoUnavailable if the server cannot be reached or does not accept the push as a whole
     */
    ConfigRepoClone.Probed run(RefNames names) throws RepoUnavailable {
        try (RemoteRepository.Connection server = remote.connect(git, "push")) {
            server.transport().setPushAtomic(true);
            // Before the fetch, since this answer tells more of a repository that cannot be used.
            try (PushConnection connection = server.transport().openPush()) {
                Map<String, ObjectId> found = fetchTips(names);
                return new ConfigRepoClone.Probed(
                        found, found.containsKey(names.main()) ? refused(connection, names, found) : List.of());
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
                List<Ref> tips = Stream.of(names.main(), names.auto(), names.state())
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

    private List<String> refused(PushConnection connection, RefNames names, Map<String, ObjectId> found)
            throws IOException {
        ObjectId main = found.get(names.main());
        var updates = new LinkedHashMap<String, RemoteRefUpdate>();
        for (var ref : found.entrySet()) {
            updates.put(ref.getKey(), update(ref.getKey(), ref.getValue(), ref.getValue()));
        }
        if (!found.containsKey(names.auto())) {
            updates.put(names.auto(), update(names.auto(), ObjectId.zeroId(), main));
        }
        updates.put(names.probe(), update(names.probe(), main, main));
        // Transport.push would leave out refs that do not change.
        connection.push(NullProgressMonitor.INSTANCE, updates);
        return updates.values().stream()
                .filter(update -> !isExpectedRejection(update.getMessage()))
                .map(RemoteRefUpdate::getRemoteName)
                .toList();
    }

    private RemoteRefUpdate update(String ref, ObjectId from, ObjectId to) throws IOException {
        return new RemoteRefUpdate(git, to.name(), to, ref, false, null, from);
    }

    /** Whether a rejection is caused by the lease that cannot hold, directly or because the push is atomic. */
    private static boolean isExpectedRejection(@Nullable String message) {
        return message == null || OWN_DOING.matcher(message).find();
    }
}
