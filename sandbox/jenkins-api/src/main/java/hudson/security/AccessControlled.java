package hudson.security;

import org.springframework.security.access.AccessDeniedException;

/** Implemented: every permission is granted. */
public interface AccessControlled {
    default void checkPermission(Permission permission) throws AccessDeniedException {}

    default boolean hasPermission(Permission permission) {
        return true;
    }
}
