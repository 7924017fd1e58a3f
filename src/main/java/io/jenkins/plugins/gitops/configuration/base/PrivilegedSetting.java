package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A part of the configuration that only administrators may add: an address together with the stored credentials that
 * are sent there, an address without encryption, a stored secret for a scope, or a weaker proof of senders. Two
 * settings are equal if all their parts are.
 *
 * @param parts the kind of setting, the address, and whatever else distinguishes it; elements may be null
 */
@Restricted(NoExternalUse.class)
public record PrivilegedSetting(List<Object> parts) {

    /**
     * An address with what is sent there. Empty for an encrypted address to which no credentials are sent, since any
     * browser reaches that too.
     */
    public static Stream<PrivilegedSetting> connection(
            String kind, @Nullable Object address, @Nullable String credentialsId, boolean allowInsecure) {
        return credentialsId == null && !allowInsecure
                ? Stream.empty()
                : Stream.of(new PrivilegedSetting(Arrays.asList(kind, address, credentialsId, allowInsecure)));
    }

    /** A stored secret by which senders prove that they may do what the scope says. */
    public static PrivilegedSetting secret(SecretScope scope, String credentialsId) {
        return new PrivilegedSetting(List.of(scope, credentialsId));
    }

    /** A field that lets senders prove less to a repository than they otherwise have to. */
    public static PrivilegedSetting weakerProof(String field, String repository) {
        return new PrivilegedSetting(List.of(field, repository));
    }
}
