package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The applications of one Argo CD server as they were last seen.
 *
 * @param read whether the applications were listed at least once since the watch began
 * @param trouble why the last list failed, in a sentence; the applications may be out of date then.
 *     Empty if the last list succeeded
 */
public record ServerSnapshot(
        SortedMap<ApplicationId, Application> applications, boolean read, Optional<String> trouble) {

    /** The snapshot before the first list. */
    static final ServerSnapshot NOTHING = new ServerSnapshot(Map.of(), false, Optional.empty());

    public ServerSnapshot {
        applications = Collections.unmodifiableSortedMap(new TreeMap<>(applications));
    }

    /** Returns an application and those below it in an app of apps, as far as the server lists them. */
    public Collection<Application> withChildren(ApplicationId top) {
        var found = new LinkedHashMap<ApplicationId, Application>();
        var open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            ApplicationId next = open.remove();
            Application application = applications.get(next);
            if (application != null && found.putIfAbsent(next, application) == null) {
                open.addAll(application.children(applications));
            }
        }
        return found.values();
    }

    public ServerSnapshot(Map<ApplicationId, Application> applications, boolean read, Optional<String> trouble) {
        this(new TreeMap<>(applications), read, trouble);
    }
}
