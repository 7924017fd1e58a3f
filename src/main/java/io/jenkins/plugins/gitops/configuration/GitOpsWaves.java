package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.PersistentDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
public final class GitOpsWaves extends GlobalConfiguration implements PersistentDescriptor {

    private List<ConfigRepository> repositories = new ArrayList<>();
    private List<ArgoCdConnection> argoServers = new ArrayList<>();
    private List<RegistryConnection> registries = new ArrayList<>();

    /** The one configuration of this controller. */
    public static GitOpsWaves get() {
        return ExtensionList.lookupSingleton(GitOpsWaves.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.GitOpsWaves_DisplayName();
    }

    public List<ConfigRepository> getRepositories() {
        return Collections.unmodifiableList(repositories);
    }

    /**
     * Replaces all config repositories, or none when one of them cannot be used.
     *
     * @throws IllegalArgumentException with a sentence that names the repository, the field, and what to do
     */
    @DataBoundSetter
    public void setRepositories(@CheckForNull List<ConfigRepository> repositories) {
        List<ConfigRepository> checked = new ArrayList<>(Util.fixNull(repositories));
        Set<String> names = new HashSet<>();
        for (ConfigRepository repository : checked) {
            if (!names.add(repository.toSettings().name())) {
                throw new IllegalArgumentException("Two config repositories are called \"" + repository.getName()
                        + "\"; builds could not tell them apart, so give each its own name.");
            }
        }
        this.repositories = checked;
        save();
        Drivers.get().configurationChanged();
    }

    public List<ArgoCdConnection> getArgoServers() {
        return Collections.unmodifiableList(argoServers);
    }

    /**
     * Replaces all Argo CD servers, or none when one of them cannot be used.
     *
     * @throws IllegalArgumentException with a sentence that names the server, the field, and what to do
     */
    @DataBoundSetter
    public void setArgoServers(@CheckForNull List<ArgoCdConnection> argoServers) {
        List<ArgoCdConnection> checked = new ArrayList<>(Util.fixNull(argoServers));
        Set<String> names = new HashSet<>();
        for (ArgoCdConnection server : checked) {
            if (!names.add(server.toSettings().name())) {
                throw new IllegalArgumentException("Two Argo CD servers are called \"" + server.getName()
                        + "\"; waves could not tell them apart, so give each its own name.");
            }
        }
        this.argoServers = checked;
        save();
        Drivers.get().configurationChanged();
    }

    public List<RegistryConnection> getRegistries() {
        return Collections.unmodifiableList(registries);
    }

    /**
     * Replaces all image registries of which there is more to know than their name, or none when one of them cannot be
     * used.
     *
     * @throws IllegalArgumentException with a sentence that names the field and what to do
     */
    @DataBoundSetter
    public void setRegistries(@CheckForNull List<RegistryConnection> registries) {
        List<RegistryConnection> checked = new ArrayList<>(Util.fixNull(registries));
        Set<String> names = new HashSet<>();
        for (RegistryConnection registry : checked) {
            String name = registry.toSettings().registry();
            if (!names.add(name)) {
                throw new IllegalArgumentException(
                        "The image registry " + name + " is configured twice; leave one of them out.");
            }
        }
        this.registries = checked;
        save();
    }

    /**
     * The repository of that name, or the only one.
     *
     * @throws IllegalArgumentException with a sentence that names what is known
     */
    public ConfigRepository repository(@CheckForNull String name) {
        if (repositories.isEmpty()) {
            throw new IllegalArgumentException("No config repository is configured; an administrator adds one under "
                    + "Manage Jenkins, System, GitOps Waves, or as code under unclassified.gitopsWaves.repositories.");
        }
        if (name == null && repositories.size() == 1) {
            return repositories.get(0);
        }
        String known = repositories.stream().map(ConfigRepository::getName).collect(Collectors.joining(", "));
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

    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        // The form leaves the field out when the last repository was deleted: that too replaces all of them.
        List<ConfigRepository> bound = req.bindJSONToList(ConfigRepository.class, json.get("repositories"));
        List<ArgoCdConnection> servers = req.bindJSONToList(ArgoCdConnection.class, json.get("argoServers"));
        List<RegistryConnection> known = req.bindJSONToList(RegistryConnection.class, json.get("registries"));
        try (BulkChange change = new BulkChange(this)) {
            setRegistries(known);
            setArgoServers(servers);
            setRepositories(bound);
            change.commit();
        } catch (IllegalArgumentException e) {
            throw new FormException(e.getMessage(), "repositories");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }
}
