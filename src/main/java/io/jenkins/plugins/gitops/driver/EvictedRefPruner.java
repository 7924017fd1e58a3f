package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.CommitPeople;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.PushResponse;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.git.RefNames;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Deletes the refs of evicted commits 30 days after the eviction. Runs once a day, and first an hour after the start,
 * and in each round while there are more of them than one push deletes. A failure is logged, and the next run tries
 * again.
 */
final class EvictedRefPruner {

    private static final Logger LOGGER = Logger.getLogger(EvictedRefPruner.class.getName());

    private static final Duration KEPT = Duration.ofDays(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofDays(1);
    private static final Duration FIRST_LOOK = Duration.ofHours(1);
    private static final int MOST_IN_ONE_PUSH = 100;

    /**
     * The end of the ref of a hand-made commit, which may be evicted twice: the time of the eviction, in seconds since
     * the epoch.
     */
    private static final Pattern HAND_MADE = Pattern.compile(".*-(\\d{9,11})");

    private final ConfigRepoClone repo;
    private final RefNames names;
    private final Clock clock;
    private Instant nextLook;

    EvictedRefPruner(ConfigRepoClone repo, RefNames names, Clock clock) {
        this.repo = repo;
        this.names = names;
        this.clock = clock;
        this.nextLook = clock.instant().plus(FIRST_LOOK);
    }

    /**
     * Lists the refs of evicted commits, if a run is due, and schedules the next run. They are listed before the round
     * reads the state ref, so that the state ref has the time of each eviction.
     */
    Map<String, ObjectId> listIfDue() {
        if (clock.instant().isBefore(nextLook)) {
            return Map.of();
        }
        nextLook = clock.instant().plus(BETWEEN_LOOKS);
        try {
            return repo.list(names.evicted());
        } catch (RepoUnavailable e) {
            LOGGER.log(Level.FINE, "The refs of evicted commits cannot be listed", e);
            return Map.of();
        }
    }

    /** Deletes those of the refs whose commits were evicted long ago. */
    void expire(Map<String, ObjectId> refs, StateRef decided, ObjectId state) throws IOException {
        var expired = new ArrayList<RefChange>();
        for (var ref : refs.entrySet()) {
            Optional<Instant> when =
                    evictedAt(ref.getKey().substring(names.evicted().length()), ref.getValue(), decided, state);
            if (when.isPresent() && when.get().plus(KEPT).isBefore(clock.instant())) {
                expired.add(new RefChange(ref.getKey(), ref.getValue(), ObjectId.zeroId()));
            }
        }
        if (expired.isEmpty()) {
            return;
        }
        try {
            List<RefChange> first = expired.subList(0, Math.min(expired.size(), MOST_IN_ONE_PUSH));
            PushResponse pushed = repo.push(first);
            LOGGER.log(Level.FINE, "Refs of evicted commits deleted: {0}, refused: {1}", new Object[] {
                first.size(), pushed.refusals()
            });
            if (pushed.accepted() && first.size() < expired.size()) {
                nextLook = clock.instant();
            }
        } catch (RepoUnavailable e) {
            LOGGER.log(Level.FINE, "The refs of evicted commits cannot be deleted", e);
        }
    }

    /** The time of an eviction; empty if it is not known: the ref is not deleted then. */
    private Optional<Instant> evictedAt(String name, ObjectId commit, StateRef decided, ObjectId state)
            throws IOException {
        Optional<Instant> known = decided.find(state, name).map(DecidedChange::at);
        if (known.isPresent()) {
            return known;
        }
        Matcher handMade = HAND_MADE.matcher(name);
        return handMade.matches()
                ? Optional.of(Instant.ofEpochSecond(Long.parseLong(handMade.group(1))))
                : committedAt(name, commit);
    }

    /**
     * The time of the commit of a change, for one whose end is no longer in the state, since nobody drove the repository
     * for long; empty if the commit is of something else, or not in the clone.
     */
    private Optional<Instant> committedAt(String change, ObjectId commit) throws IOException {
        try (var walk = new RevWalk(repo.git())) {
            RevCommit found = walk.parseCommit(commit);
            return ChangeTrailers.read(found.getFullMessage())
                    .filter(trailers -> trailers.id().equals(change))
                    .map(trailers -> CommitPeople.committer(found).getWhenAsInstant());
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return Optional.empty();
        }
    }
}
