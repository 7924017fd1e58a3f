package hudson.security;

import org.springframework.security.core.Authentication;

/** Implemented: impersonation changes nothing, since all users have all permissions. */
public abstract class ACL {
    public static final Authentication SYSTEM2 = () -> "SYSTEM";

    public static ACLContext as2(Authentication auth) {
        return new ACLContext();
    }
}
