package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Application.Id;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What was last heard of each application, on ways that overtake each other: a list that was long under way, or comes
 * from a replica that lags behind, must not undo what a stream has told since. Resource versions say what is newer.
 */
final class ApplicationCache {

    /** Nothing lags so far behind; what contradicts a higher version for longer is true, as after a restored backup. */
    private static final Duration LONGEST_LAG = Duration.ofMinutes(2);

    /**
     * The last word on an application.
     *
     * @param application null if it was deleted
     * @param at when it was heard; for a list, when that was asked for
     */
    private record Word(@CheckForNull Application application, long version, Instant at) {

        Word(@Nullable Application application, long version, Instant at) {
            this.application = application;
            this.version = version;
            this.at = at;
        }

        boolean outranks(long otherVersion, Instant now) {
            return version > otherVersion && now.isBefore(at.plus(LONGEST_LAG));
        }
    }

    private final Map<Id, Word> words = new HashMap<>();

    /** Takes how an application is; tells whether that is news. */
    boolean put(VersionedApplication observed, Instant now) {
        return hear(observed, observed.application(), now, now);
    }

    /** Takes that an application is gone; tells whether that is news. */
    boolean delete(VersionedApplication observed, Instant now) {
        return hear(observed, null, now, now);
    }

    private boolean hear(VersionedApplication observed, @Nullable Application application, Instant at, Instant now) {
        Id id = observed.application().id();
        Word last = words.get(id);
        if (last != null && last.outranks(observed.version(), now)) {
            return false;
        }
        words.put(id, new Word(application, observed.version(), at));
        return !Objects.equals(application, last == null ? null : last.application);
    }

    /**
     * Takes a list of all applications; tells whether there is news.
     *
     * @param asked when the list was asked for
     */
    boolean putAll(ApplicationListing listing, Instant asked, Instant now) {
        boolean news = false;
        Set<Id> listed = new HashSet<>();
        for (VersionedApplication observed : listing.applications()) {
            listed.add(observed.application().id());
            news |= hear(observed, observed.application(), asked, now);
        }
        var others = words.entrySet().iterator();
        while (others.hasNext()) {
            var other = others.next();
            Word word = other.getValue();
            // What was heard while the list was under way may be missing in it.
            if (!listed.contains(other.getKey()) && word.at.isBefore(asked) && !word.outranks(listing.version(), now)) {
                others.remove();
                news |= word.application != null;
            }
        }
        return news;
    }

    /** The applications that are there. */
    Map<Id, Application> applications() {
        var applications = new HashMap<Id, Application>();
        words.forEach((id, word) -> {
            if (word.application != null) {
                applications.put(id, word.application);
            }
        });
        return applications;
    }

    /** An application, or null if none of that name is there. */
    @CheckForNull
    Application get(Id id) {
        Word word = words.get(id);
        return word == null ? null : word.application;
    }
}
