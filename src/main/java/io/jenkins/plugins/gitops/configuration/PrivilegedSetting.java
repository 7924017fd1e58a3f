package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Something that only administrators may add to the configuration: an address with the stored credentials that are sent
 * there, an address that is not protected, or a stored secret for a purpose.
 *
 * @param parts the kind, the address, and whatever else makes it another
 */
record PrivilegedSetting(List<Object> parts) {

    /**
     * An address with what is sent there; nothing if it is an encrypted one to which nothing is sent, which is no more
     * than anybody's browser reaches.
     */
    static Stream<PrivilegedSetting> of(
            String kind, @Nullable Object address, @Nullable String credentialsId, boolean allowInsecure) {
        return credentialsId == null && !allowInsecure
                ? Stream.empty()
                : Stream.of(new PrivilegedSetting(Arrays.asList(kind, address, credentialsId, allowInsecure)));
    }

    /** A stored secret with which others prove that they may do something; nothing if there is none. */
    static Stream<PrivilegedSetting> secret(String purpose, @Nullable String id) {
        return id == null ? Stream.empty() : Stream.of(new PrivilegedSetting(List.of(purpose, id)));
    }
}
