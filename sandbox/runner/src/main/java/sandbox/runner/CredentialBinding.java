package sandbox.runner;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.Run;
import java.io.Serializable;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * One of the bindings of {@code withCredentials}.
 *
 * @param usernameVariable the variable for the user name; null for a secret text
 * @param secretVariable the variable for the password or the secret text
 */
record CredentialBinding(String credentialsId, String usernameVariable, String secretVariable) implements Serializable {

    /**
     * Sets the variables and masks the secret in the log.
     *
     * @throws AbortException if there are no such credentials
     */
    void bind(Run<?, ?> run, EnvVars variables, BuildLog log) throws AbortException {
        String secret;
        if (usernameVariable == null) {
            secret = find(StringCredentials.class, "secret text", run)
                    .getSecret()
                    .getPlainText();
        } else {
            StandardUsernamePasswordCredentials found =
                    find(StandardUsernamePasswordCredentials.class, "username with password", run);
            variables.put(usernameVariable, found.getUsername());
            secret = found.getPassword().getPlainText();
        }
        log.mask(secret);
        variables.put(secretVariable, secret);
    }

    private <C extends IdCredentials> C find(Class<C> type, String kind, Run<?, ?> run) throws AbortException {
        C found = CredentialsProvider.findCredentialById(credentialsId, type, run);
        if (found == null) {
            throw new AbortException("Could not find credentials entry with ID '" + credentialsId + "' of kind " + kind
                    + "; add it to 'credentials' of the Configuration-as-Code file.");
        }
        return found;
    }
}
