package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.util.function.Function;

/** What a secret of a repository is good for; who may do one of these may do none of the others. */
enum SecretScope {
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
    String field() {
        return field;
    }

    @CheckForNull
    String credentialsId(RepositoryDefinition repository) {
        return credentialsId.apply(repository);
    }
}
