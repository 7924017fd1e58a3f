package org.jenkinsci.plugins.gitclient;

import edu.umd.cs.findbugs.annotations.NonNull;
import jenkins.model.GlobalConfiguration;
import org.jenkinsci.plugins.gitclient.verifier.HostKeyVerifierFactory;
import org.jenkinsci.plugins.gitclient.verifier.KnownHostsFileVerificationStrategy;
import org.jenkinsci.plugins.gitclient.verifier.SshHostKeyVerificationStrategy;

/** Living as what it is by default: the known_hosts file of whoever runs the process counts. */
public class GitHostKeyVerificationConfiguration extends GlobalConfiguration {

    public SshHostKeyVerificationStrategy<? extends HostKeyVerifierFactory> getSshHostKeyVerificationStrategy() {
        return new KnownHostsFileVerificationStrategy();
    }

    @NonNull
    public static GitHostKeyVerificationConfiguration get() {
        return new GitHostKeyVerificationConfiguration();
    }
}
