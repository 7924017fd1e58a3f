package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that makes a change, and whose body, if it has one, generates files for it. */
@Restricted(NoExternalUse.class)
public abstract class GeneratingStep extends GitOpsStep {

    private List<String> bodyPaths = List.of();

    /** Patterns of the files that the body may change; empty for those that are configured as generated. */
    public List<String> getBodyPaths() {
        return bodyPaths;
    }

    @DataBoundSetter
    public void setBodyPaths(@CheckForNull List<String> bodyPaths) {
        // The form posts its text area as the only element.
        this.bodyPaths = Util.fixNull(bodyPaths).stream()
                .flatMap(String::lines)
                .map(String::trim)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** One pattern a line, for the form. */
    public String getBodyPathsAsText() { // jelly access only
        return String.join("\n", bodyPaths);
    }
}
