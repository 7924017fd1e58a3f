package io.jenkins.plugins.gitops.signing;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.List;
import org.apache.sshd.common.config.keys.PublicKeyEntry;

/** Who is trusted in a test. */
public final class TrustedSignersFixture {

    private TrustedSignersFixture() {}

    /** Trusts one key with which nobody signs. */
    public static TrustedSigners somebody() throws GeneralSecurityException {
        var keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(256);
        return new TrustedSigners(
                List.of(PublicKeyEntry.toString(keys.generateKeyPair().getPublic())), CommitSigner.NONE);
    }
}
