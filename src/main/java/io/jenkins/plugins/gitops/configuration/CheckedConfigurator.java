package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import io.jenkins.plugins.casc.BaseConfigurator;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.UnknownAttributesException;
import io.jenkins.plugins.casc.impl.configurators.DataBoundConfigurator;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Mapping;
import io.jenkins.plugins.casc.model.Sequence;
import io.jenkins.plugins.gitops.configuration.checks.BitbucketCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GitHubCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GitLabCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.GiteaCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.configuration.gates.GateDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.configuration.repository.NotificationDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SignaturesDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Makes errors of Configuration as Code name the line and the field. By itself that plugin names a line only for a
 * value of the wrong kind, not for a value that cannot be used, nor for an unknown field. The nested classes are loaded
 * only where Configuration as Code is installed.
 */
@Restricted(NoExternalUse.class)
public abstract class CheckedConfigurator<T> extends DataBoundConfigurator<T> {

    private static final Pattern WORD = Pattern.compile("\\w+");

    CheckedConfigurator(Class<T> type) {
        super(type);
    }

    /**
     * Checks that the object that was made can be used.
     *
     * @throws IllegalArgumentException with a sentence that names the field, if not
     */
    abstract void validate(T made);

    /** The values by their fields; for a type that has a short form, also from the short form. */
    CNode fields(CNode node) {
        return node;
    }

    @Override
    public final T configure(@CheckForNull CNode node, ConfigurationContext context) throws ConfiguratorException {
        return makeValid(node, context, fields -> super.configure(fields, context));
    }

    @Override
    public final T check(@CheckForNull CNode node, ConfigurationContext context) throws ConfiguratorException {
        return makeValid(node, context, fields -> super.check(fields, context));
    }

    private interface Factory<T> {
        T make(@CheckForNull CNode fields) throws ConfiguratorException;
    }

    private T makeValid(@CheckForNull CNode node, ConfigurationContext context, Factory<T> factory)
            throws ConfiguratorException {
        CNode fields = node == null ? null : fields(node);
        // The superclass removes the values from the mapping while it uses them.
        Map<String, CNode> values = fields instanceof Mapping mapping ? new HashMap<>(mapping) : Map.of();
        refuseEmptyEntries(values, context);
        try {
            T made = factory.make(fields);
            validate(made);
            return made;
        } catch (UnknownAttributesException e) {
            String unknown = String.valueOf(e.getInvalidAttribute());
            throw new ConfiguratorException(at(values.getOrDefault(unknown, node)) + "there is no field " + unknown
                    + " here; there are " + String.join(", ", e.getValidAttributes()) + ".");
        } catch (IllegalArgumentException e) {
            throw new ConfiguratorException(at(nodeOfNamedField(values, e.getMessage(), node)) + e.getMessage());
        }
    }

    /**
     * Refuses lists with an entry without text. The form has lists as lines, and leaves out empty ones; here an entry
     * whose variable has no value would leave a list empty that says who may do something, which often means everybody.
     */
    private static void refuseEmptyEntries(Map<String, CNode> values, ConfigurationContext context)
            throws ConfiguratorException {
        for (Map.Entry<String, CNode> value : values.entrySet()) {
            if (value.getValue() instanceof Sequence entries) {
                for (CNode entry : entries) {
                    refuseEmpty(value.getKey(), entry, context);
                }
            }
        }
    }

    private static void refuseEmpty(String list, CNode entry, ConfigurationContext context)
            throws ConfiguratorException {
        if (entry.getType() != CNode.Type.SCALAR) {
            return;
        }
        String written = entry.asScalar().getValue();
        String text = context.getSecretSourceResolver().resolve(written);
        if (text == null || text.isBlank()) {
            boolean isVariable = written != null && !written.isBlank();
            throw new ConfiguratorException(at(entry) + list + " has an empty entry; "
                    + (isVariable ? "give " + written + " a value, or take it out." : "take it out."));
        }
    }

    /** The value of the first field that a sentence names, or the whole node. */
    @CheckForNull
    private static CNode nodeOfNamedField(
            Map<String, CNode> values, @CheckForNull String sentence, @CheckForNull CNode all) {
        Matcher words = WORD.matcher(sentence == null ? "" : sentence);
        while (words.find()) {
            CNode named = values.get(words.group());
            if (named != null && !words.group().equals("name")) {
                return named;
            }
        }
        return values.getOrDefault("name", all);
    }

    private static String text(CNode node) {
        try {
            return node.asScalar().getValue();
        } catch (ConfiguratorException e) {
            throw new IllegalArgumentException("promotesFrom has an entry that is not a name of a wave.");
        }
    }

    private static String at(@CheckForNull CNode node) {
        return node == null || node.getSource() == null ? "" : node.getSource() + ": ";
    }

    /**
     * Reads the configuration as a whole. Configuration as Code appends the lists of its sources, and those of what is
     * posted to {@code configuration-as-code/apply}, to each other; of entries of the same name the one of the later
     * source takes the place of the others here. Two in one source are left to be refused.
     */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class RootConfigurator extends BaseConfigurator<GitOpsWavesConfiguration> {

        /** The field that names an entry, by list. */
        private static final Map<String, String> NAMES =
                Map.of("repositories", "name", "argoServers", "name", "clusters", "name", "registries", "url");

        @Override
        public Class<GitOpsWavesConfiguration> getTarget() {
            return GitOpsWavesConfiguration.class;
        }

        @Override
        protected GitOpsWavesConfiguration instance(Mapping mapping, ConfigurationContext context) {
            return GitOpsWavesConfiguration.get();
        }

        @Override
        protected void configure(
                Mapping config, GitOpsWavesConfiguration instance, boolean dryrun, ConfigurationContext context)
                throws ConfiguratorException {
            for (Map.Entry<String, String> list : NAMES.entrySet()) {
                if (config.get(list.getKey()) instanceof Sequence entries) {
                    removeReplaced(entries, list.getValue());
                }
            }
            super.configure(config, instance, dryrun, context);
        }

        private static void removeReplaced(Sequence entries, String field) throws ConfiguratorException {
            Map<String, String> lastFiles = new HashMap<>();
            for (int i = entries.size() - 1; i >= 0; i--) {
                CNode name = entries.get(i) instanceof Mapping entry ? entry.get(field) : null;
                if (name != null && name.getType() == CNode.Type.SCALAR && name.getSource() != null) {
                    String file = String.valueOf(name.getSource().file());
                    String last = lastFiles.putIfAbsent(name.asScalar().getValue(), file);
                    if (last != null && !last.equals(file)) {
                        entries.remove(i);
                    }
                }
            }
        }
    }

    /** Reads config repositories. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class RepositoryConfigurator extends CheckedConfigurator<RepositoryDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public RepositoryConfigurator() {
            super(RepositoryDefinition.class);
        }

        @Override
        void validate(RepositoryDefinition made) {
            made.toSettings();
        }
    }

    /** Reads clusters with Flux. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class ClusterConfigurator extends CheckedConfigurator<ClusterDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public ClusterConfigurator() {
            super(ClusterDefinition.class);
        }

        @Override
        void validate(ClusterDefinition made) {
            made.toSettings();
        }
    }

    /** Reads waves. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class WaveConfigurator extends CheckedConfigurator<WaveDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public WaveConfigurator() {
            super(WaveDefinition.class);
        }

        /** Takes a list of waves to promote from, which the form has as one text. */
        @Override
        CNode fields(CNode node) {
            if (node instanceof Mapping mapping && mapping.get("promotesFrom") instanceof Sequence list) {
                String names = list.stream().map(CheckedConfigurator::text).collect(Collectors.joining(", "));
                mapping.put("promotesFrom", names);
            }
            return node;
        }

        @Override
        void validate(WaveDefinition made) {
            made.toWave();
        }
    }

    /** Reads who signs images. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class SignaturesConfigurator extends CheckedConfigurator<SignaturesDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public SignaturesConfigurator() {
            super(SignaturesDefinition.class);
        }

        @Override
        void validate(SignaturesDefinition made) {
            made.toPolicy();
        }
    }

    /** Reads receivers of events. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class NotificationConfigurator extends CheckedConfigurator<NotificationDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public NotificationConfigurator() {
            super(NotificationDefinition.class);
        }

        @Override
        void validate(NotificationDefinition made) {
            made.toSettings();
        }
    }

    /** Reads windows. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class WindowConfigurator extends CheckedConfigurator<WindowDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public WindowConfigurator() {
            super(WindowDefinition.class);
        }

        @Override
        void validate(WindowDefinition made) {
            made.toWindow();
        }
    }

    /** Reads verifications. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class VerificationConfigurator extends CheckedConfigurator<VerificationDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public VerificationConfigurator() {
            super(VerificationDefinition.class);
        }

        @Override
        void validate(VerificationDefinition made) {
            made.toRule();
        }
    }

    /** Reads gates. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class GateConfigurator extends CheckedConfigurator<GateDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public GateConfigurator() {
            super(GateDefinition.class);
        }

        @Override
        void validate(GateDefinition made) {
            made.toRule();
        }
    }

    /** Reads approvals. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class ApprovalsConfigurator extends CheckedConfigurator<ApprovalsDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public ApprovalsConfigurator() {
            super(ApprovalsDefinition.class);
        }

        @Override
        void validate(ApprovalsDefinition made) {
            made.toRule();
        }
    }

    /** Reads Argo CD servers. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class ArgoCdServerConfigurator extends CheckedConfigurator<ArgoCdServerDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public ArgoCdServerConfigurator() {
            super(ArgoCdServerDefinition.class);
        }

        @Override
        void validate(ArgoCdServerDefinition made) {
            made.toSettings();
        }
    }

    /** Reads image registries. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class RegistryConfigurator extends CheckedConfigurator<RegistryDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public RegistryConfigurator() {
            super(RegistryDefinition.class);
        }

        @Override
        void validate(RegistryDefinition made) {
            made.toSettings();
        }
    }

    /** Reads sources of checks. */
    abstract static class CheckSourceConfigurator<T extends CheckSource> extends CheckedConfigurator<T> {

        CheckSourceConfigurator(Class<T> type) {
            super(type);
        }

        @Override
        void validate(T made) {
            made.validate();
        }
    }

    /** Reads GitHub. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class GitHubConfigurator extends CheckSourceConfigurator<GitHubCheckSource> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public GitHubConfigurator() {
            super(GitHubCheckSource.class);
        }
    }

    /** Reads GitLab. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class GitLabConfigurator extends CheckSourceConfigurator<GitLabCheckSource> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public GitLabConfigurator() {
            super(GitLabCheckSource.class);
        }
    }

    /** Reads Gitea. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class GiteaConfigurator extends CheckSourceConfigurator<GiteaCheckSource> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public GiteaConfigurator() {
            super(GiteaCheckSource.class);
        }
    }

    /** Reads Bitbucket. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class BitbucketConfigurator extends CheckSourceConfigurator<BitbucketCheckSource> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public BitbucketConfigurator() {
            super(BitbucketCheckSource.class);
        }
    }

    /** Reads multibranch jobs. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class JenkinsJobConfigurator extends CheckSourceConfigurator<JenkinsJobCheckSource> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public JenkinsJobConfigurator() {
            super(JenkinsJobCheckSource.class);
        }
    }

    /**
     * Reads required checks, also those written as a plain name: Configuration as Code itself takes a plain text only
     * for a type with several implementations.
     */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class RequiredCheckConfigurator extends CheckedConfigurator<RequiredCheckDefinition> {

        /** Called by Jenkins, which offers the extension to Configuration as Code. */
        public RequiredCheckConfigurator() {
            super(RequiredCheckDefinition.class);
        }

        @Override
        CNode fields(CNode node) {
            if (node.getType() != CNode.Type.SCALAR) {
                return node;
            }
            Mapping mapping = new Mapping();
            mapping.put("name", node);
            return mapping;
        }

        @Override
        void validate(RequiredCheckDefinition made) {
            // Depends on the check sources of the repository, so that RepositoryConfigurator validates it.
        }
    }
}
