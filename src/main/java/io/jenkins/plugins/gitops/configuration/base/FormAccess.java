package io.jenkins.plugins.gitops.configuration.base;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The permission checks of the configuration form, in one place. Users with {@link GitOpsPermissions#CONFIGURE} change
 * repositories, waves and servers, and see what is wrong with them. Only administrators may see which stored
 * credentials there are, and set a {@link PrivilegedSetting}. To all other users the checks of fields answer "ok" and
 * the lists are empty, as Jenkins asks of form methods.
 */
@Restricted(NoExternalUse.class)
public final class FormAccess {

    private FormAccess() {}

    public static boolean mayConfigure() {
        return Jenkins.get().hasPermission(GitOpsPermissions.CONFIGURE);
    }

    public static boolean mayAdminister() {
        return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
    }

    public static void checkConfigure() {
        Jenkins.get().checkPermission(GitOpsPermissions.CONFIGURE);
    }

    /** Shows what is wrong with a value, in a whole sentence, to users who may configure. */
    public static FormValidation check(Supplier<Optional<String>> problem) {
        Optional<String> found = mayConfigure() ? problem.get() : Optional.empty();
        return found.map(sentence -> FormValidation.error(FieldRules.readable(sentence)))
                .orElseGet(FormValidation::ok);
    }

    /** Like {@link #check}, for the end of a sentence that begins with the name of the field. */
    public static FormValidation checkField(Supplier<Optional<String>> problem) {
        return check(() -> problem.get().map(end -> "This field " + end));
    }

    /**
     * Like {@link #checkField}, for a field that must not be empty. An empty one is not complained of before it is
     * saved: a card that was just added is empty.
     */
    public static FormValidation checkRequired(@Nullable String value, Function<String, Optional<String>> problem) {
        String given = Util.fixEmptyAndTrim(value);
        return checkField(() -> given == null ? Optional.empty() : problem.apply(given));
    }

    /** Shows the sentence with which the conversion of what the field would save is refused, if it is. */
    public static FormValidation checkConversion(Runnable conversion) {
        return checkConversion(conversion, UnaryOperator.identity());
    }

    /** Like {@link #checkConversion(Runnable)}, with the sentence in the words of the field. */
    public static FormValidation checkConversion(Runnable conversion, UnaryOperator<String> wording) {
        return check(() -> {
            try {
                conversion.run();
                return Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.ofNullable(e.getMessage()).map(wording);
            }
        });
    }

    /** A warning; the configuration can be saved in spite of it. */
    public static FormValidation warning(String sentence) {
        return FormValidation.warning(FieldRules.readable(sentence));
    }

    /** Offers stored credentials to administrators, and to all other users only the present value. */
    public static ListBoxModel credentialsItems(
            @Nullable Item item,
            @Nullable String present,
            @Nullable String url,
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

    /** Warns administrators if there are no such credentials; to others the answer would tell which there are. */
    public static FormValidation checkCredentials(
            @Nullable String value,
            @Nullable String url,
            List<Class<? extends StandardCredentials>> types,
            UnaryOperator<String> warning) {
        String id = Util.fixEmptyAndTrim(value);
        if (id == null || !mayAdminister() || credentialsExist(id, url, types)) {
            return FormValidation.ok();
        }
        return warning(warning.apply(id));
    }

    /** Whether this controller has credentials of one of the types under the id, for that address. */
    public static boolean credentialsExist(
            String id, @Nullable String url, List<? extends Class<? extends IdCredentials>> types) {
        return types.stream()
                .map(type -> CredentialsProvider.findCredentialByIdInItemGroup(
                        id, type, Jenkins.get(), ACL.SYSTEM2, domain(url)))
                .anyMatch(Objects::nonNull);
    }

    private static List<DomainRequirement> domain(@Nullable String url) {
        return url == null ? List.of() : URIRequirementBuilder.fromUri(url).build();
    }

    /** The first setting that the user may not save or test: administrators may any, others those that are saved. */
    public static Optional<PrivilegedSetting> firstRefused(List<PrivilegedSetting> settings) {
        if (mayAdminister()) {
            return Optional.empty();
        }
        Set<PrivilegedSetting> saved =
                Set.copyOf(ExtensionList.lookupSingleton(SavedPrivileges.class).privilegedSettings());
        return settings.stream().filter(setting -> !saved.contains(setting)).findFirst();
    }
}
