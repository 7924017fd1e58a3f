package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.PersistentDescriptor;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.PrivilegedSetting;
import io.jenkins.plugins.gitops.configuration.base.SavedPrivileges;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.GlobalConfiguration;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/** The global configuration: config repositories with their waves, Argo CD servers, clusters with Flux, and image registries. */
@Extension
@Symbol("gitopsWaves")
@Restricted(NoExternalUse.class)
public final class GitOpsWavesConfiguration extends GlobalConfiguration
        implements PersistentDescriptor, SavedPrivileges {

    private List<RepositoryDefinition> repositories = new ArrayList<>();
    private List<ArgoCdServerDefinition> argoServers = new ArrayList<>();
    private List<ClusterDefinition> clusters = new ArrayList<>();
    private List<RegistryDefinition> registries = new ArrayList<>();

    /** The one configuration of this controller. */
    public static GitOpsWavesConfiguration get() {
        return ExtensionList.lookupSingleton(GitOpsWavesConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.GitOpsWavesConfiguration_DisplayName();
    }

    public List<RepositoryDefinition> getRepositories() {
        return Collections.unmodifiableList(repositories);
    }

    /**
     * Replaces all config repositories, or none when one of them cannot be used.
     *
     * @throws IllegalArgumentException with a sentence that names the repository, the field, and what to do
     */
    @DataBoundSetter
    public void setRepositories(@CheckForNull List<RepositoryDefinition> repositories) {
        List<RepositoryDefinition> checked = checkedRepositories(repositories);
        checkSecrets(checked, argoServers, getClusters(), registries);
        this.repositories = checked;
        saveAndNotify();
    }

    public List<ArgoCdServerDefinition> getArgoServers() {
        return Collections.unmodifiableList(argoServers);
    }

    /**
     * Replaces all Argo CD servers, or none when one of them cannot be used.
     *
     * @throws IllegalArgumentException with a sentence that names the server, the field, and what to do
     */
    @DataBoundSetter
    public void setArgoServers(@CheckForNull List<ArgoCdServerDefinition> argoServers) {
        List<ArgoCdServerDefinition> checked = checkedServers(argoServers);
        checkSecrets(repositories, checked, getClusters(), registries);
        this.argoServers = checked;
        saveAndNotify();
    }

    public List<ClusterDefinition> getClusters() {
        // Null in what was saved before there were clusters.
        return clusters == null ? List.of() : Collections.unmodifiableList(clusters);
    }

    /**
     * Replaces all clusters with Flux, or none when one of them cannot be used.
     *
     * @throws IllegalArgumentException with a sentence that names the cluster, the field, and what to do
     */
    @DataBoundSetter
    public void setClusters(@CheckForNull List<ClusterDefinition> clusters) {
        List<ClusterDefinition> checked = checkedClusters(clusters);
        checkSecrets(repositories, argoServers, checked, registries);
        this.clusters = checked;
        saveAndNotify();
    }

    public List<RegistryDefinition> getRegistries() {
        return Collections.unmodifiableList(registries);
    }

    /**
     * Replaces the settings of all image registries, or none when one of them cannot be used.
     *
     * @throws IllegalArgumentException with a sentence that names the field and what to do
     */
    @DataBoundSetter
    public void setRegistries(@CheckForNull List<RegistryDefinition> registries) {
        List<RegistryDefinition> checked = checkedRegistries(registries);
        checkSecrets(repositories, argoServers, getClusters(), checked);
        this.registries = checked;
        save();
    }

    private void saveAndNotify() {
        save();
        ConfigurationListener.fireConfigurationChanged();
    }

    private static List<RepositoryDefinition> checkedRepositories(@CheckForNull List<RepositoryDefinition> given) {
        return checked(
                given,
                repository -> repository.toSettings().name(),
                name -> "Two config repositories are called \"" + name
                        + "\"; builds could not tell them apart, so give each its own name.");
    }

    private static void checkSecrets(
            List<RepositoryDefinition> repositories,
            List<ArgoCdServerDefinition> argoServers,
            List<ClusterDefinition> clusters,
            List<RegistryDefinition> registries) {
        new SecretScopeConflicts(repositories, argoServers, clusters, registries)
                .sentences().stream().findFirst().ifPresent(sentence -> {
                    throw new IllegalArgumentException(FieldRules.readable(sentence));
                });
    }

    private static List<ArgoCdServerDefinition> checkedServers(@CheckForNull List<ArgoCdServerDefinition> given) {
        return checked(
                given,
                server -> server.toSettings().name(),
                name -> "Two Argo CD servers are called \"" + name
                        + "\"; waves could not tell them apart, so give each its own name.");
    }

    private static List<ClusterDefinition> checkedClusters(@CheckForNull List<ClusterDefinition> given) {
        return checked(
                given,
                cluster -> cluster.toSettings().name(),
                name -> "Two clusters are called \"" + name
                        + "\"; waves could not tell them apart, so give each its own name.");
    }

    private static List<RegistryDefinition> checkedRegistries(@CheckForNull List<RegistryDefinition> given) {
        return checked(
                given,
                registry -> registry.toSettings().registry(),
                name -> "The image registry " + name + " is configured twice; leave one of them out.");
    }

    private static <T> List<T> checked(
            @CheckForNull List<T> given, Function<T, String> name, UnaryOperator<String> twice) {
        List<T> checked = new ArrayList<>(Util.fixNull(given));
        Set<String> names = new HashSet<>();
        for (T each : checked) {
            String known = name.apply(each);
            if (!names.add(known)) {
                throw new IllegalArgumentException(twice.apply(known));
            }
        }
        return checked;
    }

    /** The saved parts that only administrators may add. */
    @Override
    public List<PrivilegedSetting> privilegedSettings() {
        return privilegedSettings(repositories, argoServers, getClusters(), registries);
    }

    private static List<PrivilegedSetting> privilegedSettings(
            List<RepositoryDefinition> repositories,
            List<ArgoCdServerDefinition> argoServers,
            List<ClusterDefinition> clusters,
            List<RegistryDefinition> registries) {
        return Stream.of(
                        repositories.stream().flatMap(repository -> new RepositoryPrivileges(repository).all()),
                        argoServers.stream().flatMap(ArgoCdServerDefinition::privilegedSettings),
                        clusters.stream().flatMap(ClusterDefinition::privilegedSettings),
                        registries.stream().flatMap(RegistryDefinition::privilegedSettings))
                .flatMap(each -> each)
                .toList();
    }

    /**
     * A sentence for each reference to something that does not exist: Argo CD servers and clusters of waves, and stored credentials.
     * Such a configuration can be saved, since Configuration as Code may create the credentials later, and credentials
     * may be deleted.
     */
    public List<String> missingReferences() {
        List<String> sentences = new ArrayList<>();
        for (RepositoryDefinition repository : repositories) {
            for (WaveDefinition wave : repository.getWaves()) {
                String server = wave.getArgoServer();
                if (server != null && findArgoServer(server).isEmpty()) {
                    sentences.add(Messages.GitOpsWavesConfiguration_NoServer(
                            Util.fixNull(repository.getName()), Util.fixNull(wave.getName()), server));
                }
                String cluster = wave.getFluxCluster();
                if (cluster != null
                        && getClusters().stream().noneMatch(each -> Objects.equals(each.getName(), cluster))) {
                    sentences.add(Messages.GitOpsWavesConfiguration_NoCluster(
                            Util.fixNull(repository.getName()), Util.fixNull(wave.getName()), cluster));
                }
            }
            String folder = repository.getFolder();
            if (folder != null && VisibleItems.findFolderAsController(folder).isEmpty()) {
                sentences.add(Messages.GitOpsWavesConfiguration_NoFolder(Util.fixNull(repository.getName()), folder));
            }
            repository.credentials().missing().forEach(sentences::add);
        }
        sentences.addAll(new SecretScopeConflicts(repositories, argoServers, getClusters(), registries).sentences());
        argoServers.stream().flatMap(ArgoCdServerDefinition::missingCredentials).forEach(sentences::add);
        getClusters().stream().flatMap(ClusterDefinition::missingCredentials).forEach(sentences::add);
        registries.stream().flatMap(RegistryDefinition::missingCredentials).forEach(sentences::add);
        return sentences;
    }

    /** The Argo CD server of that name. */
    Optional<ArgoCdServerDefinition> findArgoServer(@Nullable String name) {
        return argoServers.stream()
                .filter(server -> Objects.equals(server.getName(), name))
                .findFirst();
    }

    /** The config repository of that name. */
    public Optional<RepositoryDefinition> findRepository(@Nullable String name) {
        return repositories.stream()
                .filter(repository -> Objects.equals(repository.getName(), name))
                .findFirst();
    }

    /**
     * The repository of that name; without a name the only one.
     *
     * @throws IllegalArgumentException with a sentence that names what is known
     */
    public RepositoryDefinition repository(@Nullable String name) {
        if (repositories.isEmpty()) {
            throw new IllegalArgumentException("No config repository is configured; an administrator adds one under "
                    + "Manage Jenkins, GitOps Waves, or as code under unclassified.gitopsWaves.repositories.");
        }
        if (name == null && repositories.size() == 1) {
            return repositories.get(0);
        }
        String known = repositories.stream().map(RepositoryDefinition::getName).collect(Collectors.joining(", "));
        if (name == null) {
            throw new IllegalArgumentException("More than one config repository is configured; say which one is meant "
                    + "with repo:, one of: " + known + ".");
        }
        return findRepository(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no config repository \"" + name + "\"; repo: takes one of: " + known + "."));
    }

    /**
     * Replaces the whole configuration with that of the form, or nothing if a part of it cannot be used.
     *
     * @throws FormException with a sentence that names the field and what to do
     */
    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        FormAccess.checkConfigure();
        // The form has no such field once the last entry was deleted, which binds to an empty list.
        List<RepositoryDefinition> boundRepositories =
                req.bindJSONToList(RepositoryDefinition.class, json.get("repositories"));
        List<ArgoCdServerDefinition> boundServers =
                req.bindJSONToList(ArgoCdServerDefinition.class, json.get("argoServers"));
        List<ClusterDefinition> boundClusters = req.bindJSONToList(ClusterDefinition.class, json.get("clusters"));
        List<RegistryDefinition> boundRegistries = req.bindJSONToList(RegistryDefinition.class, json.get("registries"));
        Optional<PrivilegedSetting> refused = FormAccess.firstRefused(
                privilegedSettings(boundRepositories, boundServers, boundClusters, boundRegistries));
        if (refused.isPresent()) {
            throw new FormException(
                    Messages.GitOpsWavesConfiguration_OnlyAdministrators(
                            refused.get().subject()),
                    "repositories");
        }
        try {
            List<RepositoryDefinition> checkedRepositories = checkedRepositories(boundRepositories);
            List<ArgoCdServerDefinition> checkedServers = checkedServers(boundServers);
            List<ClusterDefinition> checkedClusters = checkedClusters(boundClusters);
            List<RegistryDefinition> checkedRegistries = checkedRegistries(boundRegistries);
            checkSecrets(checkedRepositories, checkedServers, checkedClusters, checkedRegistries);
            this.registries = checkedRegistries;
            this.clusters = checkedClusters;
            this.argoServers = checkedServers;
            this.repositories = checkedRepositories;
        } catch (IllegalArgumentException e) {
            throw new FormException(e.getMessage(), "repositories");
        }
        saveAndNotify();
        return true;
    }
}
