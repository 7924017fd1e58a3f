package io.jenkins.plugins.gitops.build;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.util.Optional;

/** Finds the build that another one restarts or replays; one for each plugin that starts such builds. */
abstract class OriginalBuildFinder implements ExtensionPoint {

    /**
     * A build that another one repeats in part or wholly.
     *
     * @param restartedStage whether the other build begins in the middle, with a stage of this one; else it runs
     *     everything again
     */
    record OriginalBuild(Run<?, ?> run, boolean restartedStage) {}

    /** Finds the build that this one restarts or replays, by its causes; empty if it does neither. */
    static Optional<OriginalBuild> findFor(Run<?, ?> run) {
        return ExtensionList.lookup(OriginalBuildFinder.class).stream()
                .map(finder -> finder.find(run))
                .flatMap(Optional::stream)
                .findFirst();
    }

    abstract Optional<OriginalBuild> find(Run<?, ?> run);
}
