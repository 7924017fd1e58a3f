package hudson.security;

import org.jvnet.localizer.Localizable;

/** See {@link Permission}. */
public final class PermissionGroup {
    public PermissionGroup(Class owner, Localizable title) {}
}
