package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Application.Id;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The applications of one Argo CD server as they were last seen.
 *
 * @param read whether they have been listed at all since the watch began
 * @param trouble why they cannot be seen now, in a sentence, or null; then they are as old as the trouble
 */
public record ServerSnapshot(
        SortedMap<Id, Application> applications,
        boolean read,
        @CheckForNull String trouble) {

    /** Before anything was seen. */
    public static final ServerSnapshot NOTHING = new ServerSnapshot(Map.of(), false, null);

    public ServerSnapshot(SortedMap<Id, Application> applications, boolean read, @Nullable String trouble) {
        this.applications = Collections.unmodifiableSortedMap(new TreeMap<>(applications));
        this.read = read;
        this.trouble = trouble;
    }

    public ServerSnapshot(Map<Id, Application> applications, boolean read, @Nullable String trouble) {
        this(new TreeMap<>(applications), read, trouble);
    }
}
