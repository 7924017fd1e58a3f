package hudson.util;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Implemented, in memory. */
public abstract class KeyedDataStorage<T, P> {
    private final Map<String, T> data = new ConcurrentHashMap<>();

    public T getOrCreate(String key, P createParams) throws IOException {
        T found = get(key);
        if (found == null) {
            found = create(key, createParams);
            data.put(key, found);
        }
        return found;
    }

    public T get(String key) throws IOException {
        return data.get(key);
    }

    protected abstract T create(String key, P createParams) throws IOException;
}
