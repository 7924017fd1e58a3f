package io.jenkins.plugins.gitops.build;

import hudson.Extension;
import hudson.model.Run;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Finds the originals of builds that were started by <em>Replay</em> or <em>Rebuild</em> of a Pipeline. */
@Extension(optional = true)
@Restricted(NoExternalUse.class)
public final class ReplayedBuildFinder extends OriginalBuildFinder {

    @Override
    Optional<OriginalBuild> find(Run<?, ?> run) {
        return Optional.ofNullable(run.getCause(ReplayCause.class))
                .map(ReplayCause::getOriginal)
                .map(original -> new OriginalBuild(original, false));
    }
}
