package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that makes a change of one image set, and whose body, if it has one, generates files for it. */
@Restricted(NoExternalUse.class)
public abstract class BodyStep extends ImageSetRequestingStep {

    private List<String> bodyPaths = List.of();

    /** Patterns of the files that the body may change; empty for the repository's {@code generatedPaths}. */
    public List<String> getBodyPaths() {
        return bodyPaths;
    }

    @DataBoundSetter
    public void setBodyPaths(@CheckForNull List<String> bodyPaths) {
        this.bodyPaths = List.copyOf(JobPatterns.lines(bodyPaths));
    }

    /** The patterns for the form, one on each line. */
    public String getBodyPathsAsText() { // jelly access only
        return String.join("\n", bodyPaths);
    }
}
