package io.jenkins.plugins.gitops.argocd;

import java.util.List;

/**
 * All applications of a server, or of one project of it, as it listed them.
 *
 * @param resourceVersion where a stream goes on, or empty if the server did not say
 */
public record ApplicationListing(List<VersionedApplication> applications, String resourceVersion) {
    public ApplicationListing {
        applications = List.copyOf(applications);
    }

    /** {@link #resourceVersion} as a number, 0 if it is none. */
    long version() {
        return ApplicationJson.version(resourceVersion);
    }
}
