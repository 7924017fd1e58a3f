package hudson.util;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Living while the home is open. */
public abstract class KeyedDataStorage<T, P> {
    private final Map<String, T> data = new ConcurrentHashMap<>();

    @NonNull
    public T getOrCreate(String key, P createParams) throws IOException {
        T found = get(key);
        if (found == null) {
            found = create(key, createParams);
            data.put(key, found);
        }
        return found;
    }

    @CheckForNull
    public T get(String key) throws IOException {
        return data.get(key);
    }

    @NonNull
    protected abstract T create(@NonNull String key, @NonNull P createParams) throws IOException;
}
