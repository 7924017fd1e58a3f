package io.jenkins.plugins.gitops.configuration.base;

import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.access.AccessDeniedException;

/**
 * Finds items that the present user may read. For an item that the user may only discover, Jenkins throws an exception,
 * by which the user could tell it from a missing item; here both are missing.
 */
@Restricted(NoExternalUse.class)
public final class VisibleItems {

    private VisibleItems() {}

    /** Finds an item as the controller itself, which reads all: threads of its own are those of an anonymous user. */
    public static <T> Optional<T> findAsController(String fullName, Class<T> type) {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            return find(fullName, type);
        }
    }

    /** Finds a folder, or another item that has items, in the same way. */
    public static Optional<Item> findFolderAsController(String fullName) {
        return findAsController(fullName, Item.class).filter(ItemGroup.class::isInstance);
    }

    public static <T> Optional<T> find(String fullName, Class<T> type) {
        try {
            Item found = Jenkins.get().getItemByFullName(fullName);
            return type.isInstance(found) ? Optional.of(type.cast(found)) : Optional.empty();
        } catch (AccessDeniedException e) {
            return Optional.empty();
        }
    }
}
