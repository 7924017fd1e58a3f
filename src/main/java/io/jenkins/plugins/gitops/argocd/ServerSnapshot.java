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
 * @param read whether they have been listed at least once since the watch began
 * @param trouble why the server cannot be read now, in a sentence; the applications are then as old as the trouble.
 *     Empty if the last attempt succeeded
 */
public record ServerSnapshot(
        SortedMap<ApplicationId, Application> applications, boolean read, Optional<String> trouble) {

    /** Before anything was seen. */
    static final ServerSnapshot NOTHING = new ServerSnapshot(Map.of(), false, Optional.empty());

    public ServerSnapshot {
        applications = Collections.unmodifiableSortedMap(new TreeMap<>(applications));
    }

    public ServerSnapshot(Map<ApplicationId, Application> applications, boolean read, Optional<String> trouble) {
        this(new TreeMap<>(applications), read, trouble);
    }
}
