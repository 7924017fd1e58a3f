package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.security.Permission;
import sandbox.RealController;

public abstract class ManagementLink implements ExtensionPoint, Action {
    @Override
    @CheckForNull
    public abstract String getIconFileName();

    public String getDescription() {
        throw RealController.needed();
    }

    @Override
    @CheckForNull
    public abstract String getUrlName();

    @NonNull
    public Permission getRequiredPermission() {
        throw RealController.needed();
    }

    @NonNull
    public Category getCategory() {
        throw RealController.needed();
    }

    public enum Category {
        CONFIGURATION,
        SECURITY,
        STATUS,
        TROUBLESHOOTING,
        TOOLS,
        MISC,
        UNCATEGORIZED
    }
}
