package io.jenkins.plugins.gitops.argocd;

import java.util.List;
import java.util.Optional;

/**
 * The applications that a server listed: all that the token may see, or those of the configured project.
 *
 * @param resourceVersion the version of the whole list, after which a stream reports changes; empty if the server did
 *     not send it
 */
public record ApplicationListing(List<VersionedApplication> applications, Optional<String> resourceVersion) {

    public ApplicationListing {
        applications = List.copyOf(applications);
    }

    /**
     * An application as a server described it at one time.
     *
     * @param version {@code metadata.resourceVersion}: of two descriptions of one application the higher is the newer;
     *     0 if it is not a number
     */
    public record VersionedApplication(Application application, long version) {}

    /** Returns {@link #resourceVersion} as a number; 0 if it is none. */
    long version() {
        return resourceVersion.map(ApplicationJson::version).orElse(0L);
    }
}
