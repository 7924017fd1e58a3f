package io.jenkins.plugins.gitops.configuration;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import jenkins.model.Jenkins;

/**
 * What the form asks permission for, in one place. Who has {@link GitOpsPermissions#CONFIGURE} changes repositories, waves and
 * servers, and is told what is wrong with them. Three things are left to administrators, since they reach further than
 * this plugin: which stored credentials there are, where they are sent, and what goes without encryption or from the
 * controller's own disk. All other checks and lists of the form are silent to who may not see them, as Jenkins wants it.
 */
final class FormAccess {

    private FormAccess() {}

    static boolean mayConfigure() {
        return Jenkins.get().hasPermission(GitOpsPermissions.CONFIGURE);
    }

    static boolean mayAdminister() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    }

    static void checkConfigure() {
        Jenkins.get().checkPermission(GitOpsPermissions.CONFIGURE);
    }

    /** Says what is wrong with a field, if something is, to those who may configure. */
    static FormValidation validated(Supplier<String> problem) {
        String found = mayConfigure() ? problem.get() : null;
        return found == null ? FormValidation.ok() : FormValidation.error(RepositoryValidator.shown(found));
    }

    /** Warns of what can be saved all the same. */
    static FormValidation warning(String sentence) {
        return FormValidation.warning(RepositoryValidator.shown(sentence));
    }

    /** As {@link #validated}, for a problem that goes on from the name of the field. */
    static FormValidation field(Supplier<String> problem) {
        return validated(() -> {
            String found = problem.get();
            return found == null ? null : "This field " + found;
        });
    }

    /** Says that a field may not stay empty, and else what is wrong with it. */
    static FormValidation required(@CheckForNull String value, UnaryOperator<String> problem) {
        String given = Util.fixEmptyAndTrim(value);
        return field(() -> given == null ? "is missing." : problem.apply(given));
    }

    /** Offers stored credentials to administrators, and to everyone else only what is set already. */
    static ListBoxModel credentials(
            @CheckForNull Item item,
            @CheckForNull String present,
            @CheckForNull String url,
            List<Class<? extends StandardCredentials>> types) {
        StandardListBoxModel offered = new StandardListBoxModel();
        if (item == null && mayAdminister()) {
            offered.includeEmptyValue();
            for (Class<? extends StandardCredentials> type : types) {
                offered.includeMatchingAs(ACL.SYSTEM2, Jenkins.get(), type, domain(url), CredentialsMatchers.always());
            }
        }
        return offered.includeCurrentValue(Util.fixNull(present));
    }

    /** Says to administrators if there are no such credentials: to others it would tell which there are. */
    static FormValidation found(
            @CheckForNull String value,
            @CheckForNull String url,
            List<Class<? extends StandardCredentials>> types,
            UnaryOperator<String> warning) {
        String id = Util.fixEmptyAndTrim(value);
        if (id == null || !mayAdminister() || isThere(id, url, types)) {
            return FormValidation.ok();
        }
        return warning(warning.apply(id));
    }

    /** Whether this controller has credentials of one of the types under the id, for that address. */
    static boolean isThere(String id, @CheckForNull String url, List<? extends Class<? extends IdCredentials>> types) {
        return types.stream()
                .map(type -> CredentialsProvider.findCredentialByIdInItemGroup(
                        id, type, Jenkins.get(), ACL.SYSTEM2, domain(url)))
                .anyMatch(Objects::nonNull);
    }

    private static List<DomainRequirement> domain(@CheckForNull String url) {
        return url == null ? List.of() : URIRequirementBuilder.fromUri(url).build();
    }

    /** Whether all of this may be reached by who asks: administrators reach anything, others what is saved. */
    static boolean mayReach(List<PrivilegedSetting> wanted) {
        return mayAdminister() || Set.copyOf(GitOpsWavesConfiguration.get().reach()).containsAll(wanted);
    }
}
