package hudson.security;

/** See {@link Permission}. */
public final class PermissionScope {
    public static final PermissionScope JENKINS = new PermissionScope();
    public static final PermissionScope ITEM_GROUP = new PermissionScope();

    private PermissionScope() {}
}
