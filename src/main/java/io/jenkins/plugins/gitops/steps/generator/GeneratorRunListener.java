package io.jenkins.plugins.gitops.steps.generator;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.gitops.configuration.GeneratorDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.generation.GeneratorBuild;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.runtime.GenerationAction;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Takes back what a build was to generate when it has ended, however it did. */
@Extension
@Restricted(NoExternalUse.class)
public final class GeneratorRunListener extends RunListener<Run<?, ?>> {

    /** The name by which drivers know a build. */
    static GeneratorBuild of(Run<?, ?> run) {
        String root = Jenkins.get().getRootUrl();
        return new GeneratorBuild(
                run.getParent().getFullName() + " #" + run.getNumber(), root == null ? "" : root + run.getUrl());
    }

    @Override
    public void onFinalized(Run<?, ?> run) {
        String job = run.getParent().getFullName();
        Optional<String> startedFor = GenerationAction.findRepository(run);
        for (RepositoryDefinition repository : GitOpsWavesConfiguration.get().getRepositories()) {
            String name = String.valueOf(repository.getName());
            boolean own = startedFor.filter(name::equals).isPresent();
            // Repositories that share a job take turns. A job that was renamed has another name than its repository
            // says.
            boolean generates = Optional.ofNullable(repository.getGenerator())
                    .map(GeneratorDefinition::getJob)
                    .filter(job::equals)
                    .isPresent();
            if (own || generates) {
                DriverRegistry.get().generation(name).ifPresent(workQueue -> workQueue.release(of(run), own));
            }
        }
    }
}
