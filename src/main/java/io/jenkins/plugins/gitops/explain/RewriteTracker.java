package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.delivery.ChangeStatus.Rewrite;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tracks the commits that each queued change had, as far as this process has seen them. */
public final class RewriteTracker {

    private static final class Path {
        private String sha;
        private final List<Rewrite> rewrites = new ArrayList<>();

        Path(String sha) {
            this.sha = sha;
        }
    }

    private static final int MAX_PATHS = 10_000;

    private final Map<String, Path> paths = new HashMap<>();
    private final Map<String, String> idsBySha = new HashMap<>();
    private Optional<String> reason = Optional.empty();

    /** Records why a push gave queued commits new SHAs, if it did, for the next {@link #update}. */
    public void pushed(Optional<String> rewriteReason) {
        reason = rewriteReason.or(() -> reason);
    }

    /** Updates the commits of the queued changes. */
    public void update(CommitQueue queue) {
        String whyMoved = reason.orElse("another controller, or somebody, rewrote the branch");
        reason = Optional.empty();
        if (paths.size() > MAX_PATHS) {
            forgetAllBut(queue);
        }
        for (QueuedCommit commit : queue.commits()) {
            if (commit.trailers().isEmpty()) {
                continue;
            }
            String sha = commit.sha().name();
            idsBySha.put(sha, commit.id());
            Path path = paths.computeIfAbsent(commit.id(), id -> new Path(sha));
            if (!path.sha.equals(sha)) {
                path.rewrites.add(new Rewrite(path.sha, sha, whyMoved));
                path.sha = sha;
            }
        }
    }

    private void forgetAllBut(CommitQueue queue) {
        paths.keySet().removeIf(id -> queue.find(id).isEmpty());
        idsBySha.values().removeIf(id -> !paths.containsKey(id));
    }

    List<Rewrite> rewrites(String id) {
        Path path = paths.get(id);
        return path == null ? List.of() : List.copyOf(path.rewrites);
    }

    /** The id of the change that a commit is or was of. */
    Optional<String> idOf(String sha) {
        return Optional.ofNullable(idsBySha.get(sha));
    }
}
