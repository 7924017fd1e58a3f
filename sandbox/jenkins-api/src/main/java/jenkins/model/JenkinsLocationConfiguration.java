package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.PersistentDescriptor;
import sandbox.RealController;

public class JenkinsLocationConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    @NonNull
    public static JenkinsLocationConfiguration get() {
        throw RealController.needed();
    }

    @CheckForNull
    public String getUrl() {
        throw RealController.needed();
    }
}
