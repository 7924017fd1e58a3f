package hudson.security;

import org.jvnet.localizer.Localizable;

/** Created by the plugin and never checked: the user that runs the sandbox has all permissions. */
public final class Permission {
    public Permission(
            PermissionGroup group, String name, Localizable description, Permission impliedBy, PermissionScope scope) {}
}
