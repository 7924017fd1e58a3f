package hudson.model;

import java.util.Collection;
import sandbox.RealController;

public interface ItemGroup<T extends Item> extends PersistenceRoot, ModelObject {
    String getFullName();

    String getUrl();

    Collection<T> getItems();

    default <T extends Item> Iterable<T> allItems(Class<T> type) {
        throw RealController.needed();
    }
}
