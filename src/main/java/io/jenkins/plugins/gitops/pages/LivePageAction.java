package io.jenkins.plugins.gitops.pages;

import hudson.Extension;
import hudson.Util;
import hudson.model.Action;
import hudson.model.Job;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jenkins.model.TransientActionFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The way from a job to the live page of a config repository to which it delivers, in the side panel of the job. */
@Restricted(NoExternalUse.class)
public final class LivePageAction implements Action {

    private final String repository;

    LivePageAction(String repository) {
        this.repository = repository;
    }

    @Override
    public String getIconFileName() {
        return "symbol-project-relationship";
    }

    @Override
    public String getDisplayName() {
        return Messages.LivePageAction_DisplayName(repository);
    }

    /** A path below Jenkins' own, since it begins with a slash. */
    @Override
    public String getUrlName() {
        return "/" + WavesPage.ROOT + "/" + repository + "/";
    }

    /** Adds the action to jobs that have delivered, for users who may see the page. */
    @Extension
    @Restricted(NoExternalUse.class)
    @SuppressWarnings("rawtypes")
    public static final class Factory extends TransientActionFactory<Job> {

        @Override
        public Class<Job> type() {
            return Job.class;
        }

        /** Declared so that a request for an action of another type does not load builds. */
        @Override
        public Class<LivePageAction> actionType() {
            return LivePageAction.class;
        }

        @Override
        public Collection<LivePageAction> createFor(Job target) {
            Optional<DeliveryAction> latest = JobDeliveryAction.latest(target);
            if (latest.isEmpty()) {
                return List.of();
            }
            return GitOpsWavesConfiguration.get().getRepositories().stream()
                    .filter(repository -> !latest.get()
                                    .wavePaths(Util.fixNull(repository.getName()))
                                    .isEmpty()
                            && repository.permits(RepositoryPower.READ))
                    .map(RepositoryDefinition::getName)
                    .map(LivePageAction::new)
                    .toList();
        }
    }
}
