package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.PersistentDescriptor;
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

/** What administrators configure: the config repositories that this controller delivers to, and who deploys them. */
@Extension
@Symbol("gitopsWaves")
@Restricted(NoExternalUse.class)
public final class GitOpsWavesConfiguration extends GlobalConfiguration implements PersistentDescriptor {

    private List<RepositoryDefinition> repositories = new ArrayList<>();
    private List<ArgoCdServerDefinition> argoServers = new ArrayList<>();
    private List<RegistryDefinition> registries = new ArrayList<>();

    /** The one configuration of this controller. */
    public static GitOpsWavesConfiguration get() {
        return ExtensionList.lookupSingleton(GitOpsWavesConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.GitOpsWaves_DisplayName();
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
        this.repositories = checkedRepositories(repositories);
        changed();
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
        this.argoServers = checkedServers(argoServers);
        changed();
    }

    public List<RegistryDefinition> getRegistries() {
        return Collections.unmodifiableList(registries);
    }

    /**
     * Replaces all image registries of which there is more to know than their name, or none when one of them cannot be
     * used.
     *
     * @throws IllegalArgumentException with a sentence that names the field and what to do
     */
    @DataBoundSetter
    public void setRegistries(@CheckForNull List<RegistryDefinition> registries) {
        this.registries = checkedRegistries(registries);
        save();
    }

    private void changed() {
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

    private static List<ArgoCdServerDefinition> checkedServers(@CheckForNull List<ArgoCdServerDefinition> given) {
        return checked(
                given,
                server -> server.toSettings().name(),
                name -> "Two Argo CD servers are called \"" + name
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

    /** What of the configuration only administrators may add to. */
    List<PrivilegedSetting> reach() {
        return reach(repositories, argoServers, registries);
    }

    private static List<PrivilegedSetting> reach(
            List<RepositoryDefinition> repositories,
            List<ArgoCdServerDefinition> argoServers,
            List<RegistryDefinition> registries) {
        return Stream.of(
                        repositories.stream().flatMap(RepositoryDefinition::reach),
                        argoServers.stream().flatMap(ArgoCdServerDefinition::reach),
                        registries.stream().flatMap(RegistryDefinition::reach))
                .flatMap(each -> each)
                .toList();
    }

    /**
     * What the configuration names and is not there, in sentences: servers that waves name, and stored credentials. It
     * can be saved all the same, since as code the one may come before the other, and credentials come and go.
     */
    List<String> dangling() {
        List<String> sentences = new ArrayList<>();
        for (RepositoryDefinition repository : repositories) {
            for (WaveDefinition wave : repository.getWaves()) {
                String server = wave.getArgoServer();
                if (server != null && argoServer(server).isEmpty()) {
                    sentences.add(Messages.GitOpsWaves_NoServer(
                            Util.fixNull(repository.getName()), Util.fixNull(wave.getName()), server));
                }
            }
            repository.missingCredentials().forEach(sentences::add);
        }
        argoServers.stream().flatMap(ArgoCdServerDefinition::missingCredentials).forEach(sentences::add);
        return sentences;
    }

    /** The Argo CD server of that name. */
    Optional<ArgoCdServerDefinition> argoServer(@CheckForNull String name) {
        return argoServers.stream()
                .filter(server -> Objects.equals(server.getName(), name))
                .findFirst();
    }

    /**
     * The repository of that name, or the only one.
     *
     * @throws IllegalArgumentException with a sentence that names what is known
     */
    public RepositoryDefinition repository(@CheckForNull String name) {
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
        return repositories.stream()
                .filter(repository -> name.equals(repository.getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no config repository \"" + name + "\"; repo: takes one of: " + known + "."));
    }

    /**
     * Takes the form: all of it, or nothing when a part of it cannot be used.
     *
     * @throws FormException with a sentence that names the field and what to do
     */
    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        FormAccess.checkConfigure();
        // The form leaves the field out when the last repository was deleted: that too replaces all of them.
        List<RepositoryDefinition> repositories = req.bindJSONToList(RepositoryDefinition.class, json.get("repositories"));
        List<ArgoCdServerDefinition> servers = req.bindJSONToList(ArgoCdServerDefinition.class, json.get("argoServers"));
        List<RegistryDefinition> known = req.bindJSONToList(RegistryDefinition.class, json.get("registries"));
        if (!FormAccess.mayReach(reach(repositories, servers, known))) {
            throw new FormException(Messages.GitOpsWaves_OnlyAdministrators(), "repositories");
        }
        try {
            List<RepositoryDefinition> checked = checkedRepositories(repositories);
            List<ArgoCdServerDefinition> checkedServers = checkedServers(servers);
            this.registries = checkedRegistries(known);
            this.argoServers = checkedServers;
            this.repositories = checked;
        } catch (IllegalArgumentException e) {
            throw new FormException(e.getMessage(), "repositories");
        }
        changed();
        return true;
    }
}
