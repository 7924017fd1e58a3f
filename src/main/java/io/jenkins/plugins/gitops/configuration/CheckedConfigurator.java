package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.UnknownAttributesException;
import io.jenkins.plugins.casc.impl.configurators.DataBoundConfigurator;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Mapping;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Lets Configuration as Code say in which line a mistake is, and of which field. By itself it names a line only where it
 * reads a value, not where a value cannot be used, and none for a field that there is not. The subclasses are present
 * only where that plugin is.
 */
@Restricted(NoExternalUse.class)
public abstract class CheckedConfigurator<T> extends DataBoundConfigurator<T> {

    private static final Pattern WORD = Pattern.compile("\\w+");

    CheckedConfigurator(Class<T> type) {
        super(type);
    }

    /**
     * Looks whether what was made can be used.
     *
     * @throws IllegalArgumentException with a sentence that names the field, if not
     */
    abstract void check(T made);

    /** The values by their fields, from however they are written. */
    CNode fields(CNode node) {
        return node;
    }

    @Override
    public final T configure(@CheckForNull CNode node, ConfigurationContext context) throws ConfiguratorException {
        return checked(node, fields -> super.configure(fields, context));
    }

    @Override
    public final T check(@CheckForNull CNode node, ConfigurationContext context) throws ConfiguratorException {
        return checked(node, fields -> super.check(fields, context));
    }

    private interface Making<T> {
        T of(@CheckForNull CNode fields) throws ConfiguratorException;
    }

    private T checked(@CheckForNull CNode node, Making<T> making) throws ConfiguratorException {
        CNode fields = node == null ? null : fields(node);
        // What makes the object takes the values out one by one.
        Map<String, CNode> values = fields instanceof Mapping mapping ? new HashMap<>(mapping) : Map.of();
        try {
            T made = making.of(fields);
            check(made);
            return made;
        } catch (UnknownAttributesException e) {
            String unknown = String.valueOf(e.getInvalidAttribute());
            throw new ConfiguratorException(at(values.getOrDefault(unknown, node)) + "there is no field " + unknown
                    + " here; there are " + String.join(", ", e.getValidAttributes()) + ".");
        } catch (IllegalArgumentException e) {
            throw new ConfiguratorException(at(named(values, e.getMessage(), node)) + e.getMessage());
        }
    }

    /** The value of the first field that a sentence names, or all. */
    @CheckForNull
    private static CNode named(Map<String, CNode> values, @CheckForNull String sentence, @CheckForNull CNode all) {
        Matcher words = WORD.matcher(sentence == null ? "" : sentence);
        while (words.find()) {
            CNode named = values.get(words.group());
            if (named != null && !words.group().equals("name")) {
                return named;
            }
        }
        return values.getOrDefault("name", all);
    }

    private static String at(@CheckForNull CNode node) {
        return node == null || node.getSource() == null ? "" : node.getSource() + ": ";
    }

    /** Reads config repositories. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class OfRepository extends CheckedConfigurator<RepositoryDefinition> {

        /** Found by Configuration as Code among the extensions. */
        public OfRepository() {
            super(RepositoryDefinition.class);
        }

        @Override
        void check(RepositoryDefinition made) {
            made.toSettings();
        }
    }

    /** Reads waves. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class OfWave extends CheckedConfigurator<WaveDefinition> {

        /** Found by Configuration as Code among the extensions. */
        public OfWave() {
            super(WaveDefinition.class);
        }

        @Override
        void check(WaveDefinition made) {
            made.toWave();
        }
    }

    /** Reads windows. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class OfWindow extends CheckedConfigurator<WindowDefinition> {

        /** Found by Configuration as Code among the extensions. */
        public OfWindow() {
            super(WindowDefinition.class);
        }

        @Override
        void check(WindowDefinition made) {
            made.toWindow();
        }
    }

    /** Reads Argo CD servers. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class OfArgoCd extends CheckedConfigurator<ArgoCdServerDefinition> {

        /** Found by Configuration as Code among the extensions. */
        public OfArgoCd() {
            super(ArgoCdServerDefinition.class);
        }

        @Override
        void check(ArgoCdServerDefinition made) {
            made.toSettings();
        }
    }

    /** Reads image registries. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class OfRegistry extends CheckedConfigurator<RegistryDefinition> {

        /** Found by Configuration as Code among the extensions. */
        public OfRegistry() {
            super(RegistryDefinition.class);
        }

        @Override
        void check(RegistryDefinition made) {
            made.toSettings();
        }
    }

    /** What all sources of checks have in common. */
    abstract static class OfSource<T extends CheckSource> extends CheckedConfigurator<T> {

        OfSource(Class<T> type) {
            super(type);
        }

        @Override
        void check(T made) {
            made.check();
        }
    }

    /** Reads GitHub. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class OfGitHub extends OfSource<GitHubCheckSource> {

        /** Found by Configuration as Code among the extensions. */
        public OfGitHub() {
            super(GitHubCheckSource.class);
        }
    }

    /** Reads GitLab. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class OfGitLab extends OfSource<GitLabCheckSource> {

        /** Found by Configuration as Code among the extensions. */
        public OfGitLab() {
            super(GitLabCheckSource.class);
        }
    }

    /** Reads Gitea. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class OfGitea extends OfSource<GiteaCheckSource> {

        /** Found by Configuration as Code among the extensions. */
        public OfGitea() {
            super(GiteaCheckSource.class);
        }
    }

    /** Reads multibranch jobs. */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class OfJenkinsJob extends OfSource<JenkinsJobCheckSource> {

        /** Found by Configuration as Code among the extensions. */
        public OfJenkinsJob() {
            super(JenkinsJobCheckSource.class);
        }
    }

    /**
     * Reads required checks, also one that is written as its plain name: Configuration as Code itself takes a text only
     * where it chooses between implementations.
     */
    @Extension(optional = true)
    @Restricted(NoExternalUse.class)
    public static final class OfRequiredCheck extends CheckedConfigurator<RequiredCheckDefinition> {

        /** Found by Configuration as Code among the extensions. */
        public OfRequiredCheck() {
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
        void check(RequiredCheckDefinition made) {
            // What it needs shows only beside the others of its repository.
        }
    }
}
