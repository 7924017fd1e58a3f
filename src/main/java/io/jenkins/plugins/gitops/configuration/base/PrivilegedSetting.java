package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A part of the configuration that only administrators may add: where stored credentials are sent, a stored secret for
 * a scope of one repository, who may write or vote, or what is merged without a check. Two settings are equal if all
 * their parts are, and belong to the same repository or server.
 *
 * @param subject what is set and of which repository or server, for people: a noun after "may set"
 * @param values the values of the fields that belong together; elements may be null
 */
@Restricted(NoExternalUse.class)
public record PrivilegedSetting(String subject, List<Object> values) {

    public static PrivilegedSetting of(String subject, @Nullable Object... values) {
        return new PrivilegedSetting(subject, Arrays.asList(values));
    }

    /**
     * An address with what is sent there. Empty for an encrypted address to which no credentials are sent, since any
     * browser reaches that too.
     *
     * @param others further fields that decide what the credentials are used for
     */
    public static Stream<PrivilegedSetting> connection(
            String subject,
            @Nullable Object address,
            @Nullable String credentialsId,
            boolean allowInsecure,
            @Nullable Object... others) {
        return credentialsId == null && !allowInsecure
                ? Stream.empty()
                : Stream.of(of(subject, address, credentialsId, allowInsecure, Arrays.asList(others)));
    }
}
