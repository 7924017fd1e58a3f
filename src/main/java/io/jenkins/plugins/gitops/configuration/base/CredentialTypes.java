package io.jenkins.plugins.gitops.configuration.base;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The types of stored credentials that the fields of the configuration take. */
@Restricted(NoExternalUse.class)
public final class CredentialTypes {

    /** User name with password or ssh key, for git. */
    public static final List<Class<? extends StandardCredentials>> GIT = List.of(StandardUsernameCredentials.class);

    /** A token for the API of a forge: a secret text, or a user name with the token as password. */
    public static final List<Class<? extends StandardCredentials>> FORGE =
            List.of(StandardUsernamePasswordCredentials.class, StringCredentials.class);

    /** A secret text: a token of Argo CD, or a secret that is shared with the sender of webhooks. */
    public static final List<Class<? extends StandardCredentials>> SECRET_TEXT = List.of(StringCredentials.class);

    /** A token for a cluster, as a secret text, or a kubeconfig, as a secret file. */
    public static final List<Class<? extends StandardCredentials>> CLUSTER =
            List.of(StringCredentials.class, FileCredentials.class);

    /** User name with password, for a registry. */
    public static final List<Class<? extends StandardCredentials>> PASSWORD =
            List.of(StandardUsernamePasswordCredentials.class);

    /** A private key with its passphrase, for signatures. */
    public static final List<Class<? extends StandardCredentials>> PRIVATE_KEY = List.of(SSHUserPrivateKey.class);

    private CredentialTypes() {}
}
