package hudson.model;

import hudson.ExtensionPoint;
import hudson.security.Permission;
import sandbox.RealController;

public abstract class ManagementLink implements ExtensionPoint, Action {
    @Override
    public abstract String getIconFileName();

    public String getDescription() {
        throw RealController.needed();
    }

    @Override
    public abstract String getUrlName();

    public Permission getRequiredPermission() {
        throw RealController.needed();
    }

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
