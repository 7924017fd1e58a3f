package org.jenkinsci.plugins.workflow.cps.replay;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Cause;
import hudson.model.Run;
import sandbox.RealController;

public class ReplayCause extends Cause {
    ReplayCause(@NonNull Run<?, ?> original) {
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
