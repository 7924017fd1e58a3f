package hudson.security;

/** See {@link Permission}. */
public final class PermissionScope {
    public static final PermissionScope JENKINS = new PermissionScope();

    private PermissionScope() {}
}
