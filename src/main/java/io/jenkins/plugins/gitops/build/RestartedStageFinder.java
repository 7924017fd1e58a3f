package io.jenkins.plugins.gitops.build;

import hudson.Extension;
import hudson.model.Run;
import java.util.Optional;
import org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Finds the originals of builds that were started by <em>Restart from Stage</em> of a Declarative Pipeline. */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class RestartedStageFinder extends OriginalBuildFinder {

    @Override
    Optional<OriginalBuild> find(Run<?, ?> run) {
        return Optional.ofNullable(run.getCause(RestartDeclarativePipelineCause.class))
                .map(RestartDeclarativePipelineCause::getOriginal)
                .map(original -> new OriginalBuild(original, true));
    }
}
