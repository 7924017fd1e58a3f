package org.jenkinsci.plugins.gitclient.verifier;

/** Implemented. */
public class KnownHostsFileVerificationStrategy extends SshHostKeyVerificationStrategy<KnownHostsFileVerifier> {

    @Override
    public KnownHostsFileVerifier getVerifier() {
        return new KnownHostsFileVerifier();
    }
}
