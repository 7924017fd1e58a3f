package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The newest known state of each application. States arrive out of order: a list that took long, or that comes from a
 * replica that lags behind, must not replace what a stream has reported since. The resource version says which state is
 * newer. Not thread-safe.
 */
final class ApplicationCache {

    /** A state with a lower version is accepted after this time, since the versions of a restored backup are lower. */
    private static final Duration LONGEST_LAG = Duration.ofMinutes(2);

    /**
     * The last report of an application.
     *
     * @param application empty if it was deleted
     * @param at when this was reported; for a list, when the list was requested
     */
    private record LastReport(Optional<Application> application, long version, Instant at) {

        boolean outranks(long otherVersion, Instant now) {
            return version > otherVersion && now.isBefore(at.plus(LONGEST_LAG));
        }
    }

    /** The number of applications of which a stream may report; more than any Argo CD has. */
    static final int MOST_REPORTS = 50_000;

    private final Map<ApplicationId, LastReport> reports = new HashMap<>();

    /** Records the state of an application; returns whether it differs from what was known. */
    boolean put(VersionedApplication reported, Instant now) {
        return hasRoomFor(reported) && put(reported, Optional.of(reported.application()), now, now);
    }

    /** Records that an application was deleted; returns whether the application was known. */
    boolean delete(VersionedApplication reported, Instant now) {
        return hasRoomFor(reported) && put(reported, Optional.empty(), now, now);
    }

    /** A stream that names ever new applications fills no memory; the next list says which there are. */
    private boolean hasRoomFor(VersionedApplication reported) {
        return reports.size() < MOST_REPORTS
                || reports.containsKey(reported.application().id());
    }

    private boolean put(VersionedApplication reported, Optional<Application> application, Instant at, Instant now) {
        ApplicationId id = reported.application().id();
        LastReport last = reports.get(id);
        if (last != null && last.outranks(reported.version(), now)) {
            return false;
        }
        reports.put(id, new LastReport(application, reported.version(), at));
        return !application.equals(last == null ? Optional.empty() : last.application);
    }

    /**
     * Records a list of all applications; returns whether anything differs from what was known.
     *
     * @param requested when the list was requested
     */
    boolean putAll(ApplicationListing listing, Instant requested, Instant now) {
        boolean news = false;
        Set<ApplicationId> listed = new HashSet<>();
        for (VersionedApplication reported : listing.applications()) {
            listed.add(reported.application().id());
            news |= put(reported, Optional.of(reported.application()), requested, now);
        }
        var others = reports.entrySet().iterator();
        while (others.hasNext()) {
            var other = others.next();
            LastReport report = other.getValue();
            // An application that was reported while the list was under way may be missing in the list.
            if (!listed.contains(other.getKey())
                    && report.at.isBefore(requested)
                    && !report.outranks(listing.version(), now)) {
                others.remove();
                news |= report.application.isPresent();
            }
        }
        return news;
    }

    /** Returns all applications that exist, as far as is known. */
    Map<ApplicationId, Application> applications() {
        var applications = new HashMap<ApplicationId, Application>();
        reports.forEach((id, report) -> report.application.ifPresent(application -> applications.put(id, application)));
        return applications;
    }

    /** Returns an application by its id; empty if none is known to exist. */
    Optional<Application> get(ApplicationId id) {
        LastReport report = reports.get(id);
        return report == null ? Optional.empty() : report.application;
    }
}
