package hudson;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import jenkins.model.SandboxHome;

/** Implemented: the types that SezPoz indexed, with one instance per home. */
public class ExtensionList<T> extends AbstractList<T> {
    private final Class<T> type;
    private final List<T> extensions;

    private ExtensionList(Class<T> type, List<T> extensions) {
        this.type = type;
        this.extensions = extensions;
    }

    public <U extends T> U get(Class<U> wanted) {
        return extensions.stream()
                .filter(extension -> extension.getClass() == wanted)
                .findFirst()
                .map(wanted::cast)
                .orElse(null);
    }

    @Override
    public Iterator<T> iterator() {
        return extensions.iterator();
    }

    @Override
    public T get(int index) {
        return extensions.get(index);
    }

    @Override
    public int size() {
        return extensions.size();
    }

    public static <T> ExtensionList<T> lookup(Class<T> type) {
        return new ExtensionList<>(type, SandboxHome.current().extensions(type));
    }

    public static <U> U lookupSingleton(Class<U> type) {
        ExtensionList<U> all = lookup(type);
        if (all.size() != 1) {
            throw new IllegalStateException("Expected 1 instance of " + all.type.getName() + " but got " + all.size());
        }
        return all.get(0);
    }
}
