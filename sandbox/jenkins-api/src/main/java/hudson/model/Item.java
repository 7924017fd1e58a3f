package hudson.model;

import hudson.security.AccessControlled;

public interface Item extends PersistenceRoot, ModelObject, AccessControlled {
    ItemGroup<? extends Item> getParent();

    String getName();

    String getFullName();

    @Override
    String getDisplayName();

    String getFullDisplayName();

    String getUrl();
}
