package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;

public interface ItemGroup<T extends Item> extends PersistenceRoot, ModelObject {
    String getFullName();

    String getFullDisplayName();

    String getUrl();

    @CheckForNull
    T getItem(String name);
}
