package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.RootAction;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerProxy;

/** {@code /waves/}: the list of config repositories, and their pages below. It needs the permission to view. */
@Extension
@Restricted(NoExternalUse.class)
public final class WavesPage implements RootAction, StaplerProxy {

    /** The first part of the pages' paths. */
    public static final String ROOT = "waves";

    /** Checks the permission for every page below. */
    @Override
    public Object getTarget() {
        RepositoryPower.READ.checkPermission();
        return this;
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return RepositoryPower.READ.isPermitted() && !getRepositories().isEmpty()
                ? "symbol-project-relationship"
                : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.WavesPage_DisplayName();
    }

    @Override
    public String getUrlName() {
        return ROOT;
    }

    /** The names of all config repositories. */
    public List<String> getRepositories() {
        return GitOpsWavesConfiguration.get().getRepositories().stream()
                .map(RepositoryDefinition::getName)
                .toList();
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
        return getRepositories().contains(name) ? new RepositoryPage(this, name) : null;
    }
}
