package io.jenkins.plugins.gitops.runtime.clones;

import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Makes clones of configured repositories, with the stored credentials that they name. */
@Restricted(NoExternalUse.class)
public final class CloneOpener {

    private CloneOpener() {}

    /**
     * Opens the clone in a folder, which is created if it is missing.
     *
     * @param folder the folder; nothing else may use it while the clone is open
     * @throws IllegalArgumentException if the definition is not valid
     * @throws RepoUnavailable if the folder cannot be used
     */
    public static ConfigRepoClone open(RepositoryDefinition repository, Path folder) throws RepoUnavailable {
        ConfigRepoClone clone = create(repository, folder, Runnable::run);
        clone.open();
        return clone;
    }

    /**
     * Creates a clone that is not open yet.
     *
     * @param housekeeper runs the garbage collection of the clone, which takes seconds
     * @throws IllegalArgumentException if the definition is not valid
     */
    public static ConfigRepoClone create(RepositoryDefinition repository, Path folder, Executor housekeeper)
            throws RepoUnavailable {
        RepositorySettings settings = repository.toSettings();
        return ConfigRepoClone.in(
                folder,
                settings.url(),
                new GitCredentialsLookup(
                        settings.name(),
                        settings.url(),
                        repository.getCredentialsId(),
                        repository.credentials().signingKeyId().orElse(null)),
                housekeeper);
    }
}
