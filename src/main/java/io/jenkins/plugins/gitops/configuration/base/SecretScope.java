package io.jenkins.plugins.gitops.configuration.base;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What a stored secret of a repository authorises a sender to do. Each scope has its own secret. */
@Restricted(NoExternalUse.class)
public enum SecretScope {
    IMAGES("imagesSecretId"),
    DEPLOYED("deployedSecretId"),
    FORGE("forgeSecretId"),
    REPORTERS("reportersSecretId"),
    VERIFY("verifySecretId");

    private final String field;

    SecretScope(String field) {
        this.field = field;
    }

    /** The field of the configuration that names the secret. */
    public String field() {
        return field;
    }
}
