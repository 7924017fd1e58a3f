package hudson.security;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import org.jvnet.localizer.Localizable;

/** Living: a name. */
public final class Permission {
    public static final PermissionGroup HUDSON_PERMISSIONS = new PermissionGroup(Permission.class, null);
    public static final Permission HUDSON_ADMINISTER =
            new Permission(HUDSON_PERMISSIONS, "Administer", null, null, PermissionScope.JENKINS);
    public static final PermissionGroup GROUP = new PermissionGroup(Permission.class, null);
    public static final Permission FULL_CONTROL =
            new Permission(GROUP, "FullControl", null, HUDSON_ADMINISTER, PermissionScope.JENKINS);
    public static final Permission READ =
            new Permission(GROUP, "GenericRead", null, HUDSON_ADMINISTER, PermissionScope.JENKINS);
    public static final Permission WRITE =
            new Permission(GROUP, "GenericWrite", null, HUDSON_ADMINISTER, PermissionScope.JENKINS);
    public static final Permission CREATE = new Permission(GROUP, "GenericCreate", null, WRITE, PermissionScope.JENKINS);
    public static final Permission UPDATE = new Permission(GROUP, "GenericUpdate", null, WRITE, PermissionScope.JENKINS);
    public static final Permission DELETE = new Permission(GROUP, "GenericDelete", null, WRITE, PermissionScope.JENKINS);
    public static final Permission CONFIGURE =
            new Permission(GROUP, "GenericConfigure", null, UPDATE, PermissionScope.JENKINS);

    @NonNull
    public final Class owner;

    @NonNull
    public final PermissionGroup group;

    @NonNull
    public final String name;

    @CheckForNull
    public final Localizable description;

    @CheckForNull
    public final Permission impliedBy;

    public boolean enabled;

    public Permission(
            @NonNull PermissionGroup group,
            @NonNull String name,
            @CheckForNull Localizable description,
            @CheckForNull Permission impliedBy,
            boolean enable,
            @NonNull PermissionScope[] scopes)
            throws IllegalStateException {
        this.owner = group.owner;
        this.group = group;
        this.name = name;
        this.description = description;
        this.impliedBy = impliedBy;
        this.enabled = enable;
    }

    public Permission(
            @NonNull PermissionGroup group,
            @NonNull String name,
            @CheckForNull Localizable description,
            @CheckForNull Permission impliedBy,
            @NonNull PermissionScope scope) {
        this(group, name, description, impliedBy, true, new PermissionScope[] {scope});
    }

    @NonNull
    public String getId() {
        return owner.getName() + "." + name;
    }
}
