package io.jenkins.plugins.gitops.signing;

import java.time.Instant;
import java.util.Optional;

/** Signs with the key that the repository has at the moment. Used by one thread at a time. */
public final class CurrentSigner implements CommitSigner {

    private CommitSigner present = NONE;

    /** Takes another key from now on. */
    public void use(CommitSigner signer) {
        present = signer;
    }

    @Override
    public Optional<String> sign(byte[] content, Instant at) {
        return present.sign(content, at);
    }

    @Override
    public Optional<String> publicKey() {
        return present.publicKey();
    }
}
