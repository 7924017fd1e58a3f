package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import java.util.function.Function;

/** What a secret of a repository is good for; who may do one of these may do none of the others. */
enum Purpose {
    IMAGES("imagesSecretId", ConfigRepository::getImagesSecretId),
    DEPLOYED("deployedSecretId", ConfigRepository::getDeployedSecretId),
    FORGE("forgeSecretId", ConfigRepository::getForgeSecretId),
    REPORTERS("reportersSecretId", ConfigRepository::getReportersSecretId);

    private final String field;
    private final Function<ConfigRepository, String> credentialsId;

    Purpose(String field, Function<ConfigRepository, String> credentialsId) {
        this.field = field;
        this.credentialsId = credentialsId;
    }

    /** The field of the configuration that names the secret. */
    String field() {
        return field;
    }

    @CheckForNull
    String credentialsId(ConfigRepository repository) {
        return credentialsId.apply(repository);
    }
}
