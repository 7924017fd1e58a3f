package io.jenkins.plugins.gitops.configuration;

import java.util.Optional;
import java.util.function.Function;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What a stored secret of a repository authorises a sender to do. Each scope has its own secret. */
@Restricted(NoExternalUse.class)
public enum SecretScope {
    IMAGES("imagesSecretId", RepositoryDefinition::getImagesSecretId),
    DEPLOYED("deployedSecretId", RepositoryDefinition::getDeployedSecretId),
    FORGE("forgeSecretId", RepositoryDefinition::getForgeSecretId),
    REPORTERS("reportersSecretId", RepositoryDefinition::getReportersSecretId);

    private final String field;
    private final Function<RepositoryDefinition, String> credentialsId;

    SecretScope(String field, Function<RepositoryDefinition, String> credentialsId) {
        this.field = field;
        this.credentialsId = credentialsId;
    }

    /** The field of the configuration that names the secret. */
    public String field() {
        return field;
    }

    /** The id of the secret text that a repository names for this scope. */
    public Optional<String> credentialsId(RepositoryDefinition repository) {
        return Optional.ofNullable(credentialsId.apply(repository));
    }
}
