package io.jenkins.plugins.gitops.runtime.clones;

import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.remote.CredentialsSource;
import io.jenkins.plugins.gitops.remote.SecretLookup;
import io.jenkins.plugins.gitops.runtime.executors.PluginExecutors;
import java.nio.file.Path;
import java.time.Duration;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Makes clones of configured repositories, with the stored credentials that they name. */
@Restricted(NoExternalUse.class)
public final class CloneOpener {

    /** The token of a GitHub App is made by a request. */
    private static final Duration LOOKUP_DEADLINE = Duration.ofSeconds(90);

    private CloneOpener() {}

    /**
     * Opens the clone in a folder, which is created if it is missing.
     *
     * @param folder the folder; nothing else may use it while the clone is open
     * @throws IllegalArgumentException if the definition is not valid
     * @throws RepoUnavailable if the folder cannot be used
     */
    public static ConfigRepoClone open(RepositoryDefinition repository, Path folder) throws RepoUnavailable {
        RepositorySettings settings = repository.toSettings();
        return ConfigRepoClone.open(folder, settings.url(), credentials(repository, settings));
    }

    /**
     * Creates the clone of a driver, which is not open yet.
     *
     * @param executors run the look-ups of its credentials and its garbage collection
     * @throws IllegalArgumentException if the definition is not valid
     */
    public static ConfigRepoClone create(RepositoryDefinition repository, Path folder, PluginExecutors executors)
            throws RepoUnavailable {
        RepositorySettings settings = repository.toSettings();
        var lookups = new SecretLookup(
                executors.servers().of("credentials of " + settings.name()), executors.timer(), LOOKUP_DEADLINE);
        return ConfigRepoClone.in(
                folder,
                settings.url(),
                new BoundedCredentials(settings.name(), credentials(repository, settings), lookups),
                executors.housekeeping());
    }

    private static CredentialsSource credentials(RepositoryDefinition repository, RepositorySettings settings) {
        return new GitCredentialsLookup(
                settings.name(),
                settings.url(),
                repository.getCredentialsId(),
                repository.credentials().signingKeyId().orElse(null));
    }
}
