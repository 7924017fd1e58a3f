package org.jenkinsci.plugins.gitclient;

import jenkins.model.GlobalConfiguration;
import org.jenkinsci.plugins.gitclient.verifier.HostKeyVerifierFactory;
import org.jenkinsci.plugins.gitclient.verifier.KnownHostsFileVerificationStrategy;
import org.jenkinsci.plugins.gitclient.verifier.SshHostKeyVerificationStrategy;

/** Implemented with its default strategy: the known_hosts file of the user that runs the process. */
public class GitHostKeyVerificationConfiguration extends GlobalConfiguration {

    public SshHostKeyVerificationStrategy<? extends HostKeyVerifierFactory> getSshHostKeyVerificationStrategy() {
        return new KnownHostsFileVerificationStrategy();
    }

    public static GitHostKeyVerificationConfiguration get() {
        return new GitHostKeyVerificationConfiguration();
    }
}
