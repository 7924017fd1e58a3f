package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.RootAction;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerProxy;

/**
 * {@code /waves/}: the list of config repositories, and their pages below. Users see those that they have the permission
 * to view; the others do not exist for them.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class WavesPage implements RootAction, StaplerProxy {

    /** The first part of the pages' paths. */
    public static final String ROOT = "waves";

    /** Refuses users who may view no repository. */
    @Override
    public Object getTarget() {
        if (visible().findAny().isEmpty()) {
            RepositoryPower.READ.checkPermission();
        }
        return this;
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return visible().findAny().isPresent() ? "symbol-project-relationship" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.WavesPage_DisplayName();
    }

    @Override
    public String getUrlName() {
        return ROOT;
    }

    private static Stream<RepositoryDefinition> visible() {
        return GitOpsWavesConfiguration.get().getRepositories().stream()
                .filter(repository -> repository.permits(RepositoryPower.READ));
    }

    /** The names of the config repositories that the user may view. */
    public List<String> getRepositories() {
        return visible().map(RepositoryDefinition::getName).toList();
    }

    /** The repositories as rows of a table. */
    public List<RepositorySummary> getSummaries() { // jelly access only
        return getRepositories().stream().map(RepositorySummary::of).toList();
    }

    /** The only repository, or null. */
    @CheckForNull
    public String getOnly() { // jelly access only
        List<String> repositories = getRepositories();
        return repositories.size() == 1 ? repositories.get(0) : null;
    }

    /** The page of a repository, or null if there is none of that name. */
    @CheckForNull
    public Object getDynamic(String name) {
        return visible()
                .filter(repository -> name.equals(repository.getName()))
                .map(repository -> new RepositoryPage(this, repository))
                .findFirst()
                .orElse(null);
    }
}
