package org.jenkinsci.plugins.pipeline.modeldefinition.causes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import hudson.model.Run;
import sandbox.RealController;

public class RestartDeclarativePipelineCause extends Cause {
    public RestartDeclarativePipelineCause(@NonNull Run<?, ?> original, @NonNull String originStage) {
        throw RealController.needed();
    }

    @CheckForNull
    public Run<?, ?> getOriginal() {
        throw RealController.needed();
    }

    @Override
    public String getShortDescription() {
        throw RealController.needed();
    }
}
