package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import java.util.Collections;
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

    public ServerSnapshot(Map<ApplicationId, Application> applications, boolean read, Optional<String> trouble) {
        this(new TreeMap<>(applications), read, trouble);
    }
}
