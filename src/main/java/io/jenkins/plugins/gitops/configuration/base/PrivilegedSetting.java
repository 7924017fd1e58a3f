package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Arrays;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A part of the configuration that only administrators may add: an address that the controller opens, with what it
 * sends there, a stored secret for a scope of one repository, who may write or vote, or what is merged without a check. Two settings are equal if all
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
}
