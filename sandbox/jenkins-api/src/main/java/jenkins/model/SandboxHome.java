package jenkins.model;

import hudson.Extension;
import hudson.model.Job;
import hudson.model.PersistentDescriptor;
import hudson.model.User;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;

/**
 * The home folder on which the implemented types work: {@code Jenkins.get()}, extensions, global configuration, jobs.
 * At most one home is open in a JVM.
 */
public final class SandboxHome implements AutoCloseable {
    /** Base of links to pages of a controller; answered only while {@code serve} listens on that port. */
    public static final String DEFAULT_ROOT_URL = "http://localhost:8080/";

    private static SandboxHome current;

    private final Path folder;
    private final Jenkins jenkins = new Jenkins(this);
    private final Map<Class<?>, Object> extensions = new HashMap<>();
    private final Map<Class<?>, List<?>> extensionsByType = new HashMap<>();
    private final Map<String, Job<?, ?>> jobs = new ConcurrentHashMap<>();
    private final Map<String, User> users = new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);

    private SandboxHome(Path folder) {
        this.folder = folder;
    }

    /** Opens a home; creates the folder if it is missing. */
    public static synchronized SandboxHome open(Path folder) {
        if (current != null) {
            throw new IllegalStateException("The home " + current.folder + " is still open");
        }
        try {
            Files.createDirectories(folder);
            current = new SandboxHome(folder.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException("The home " + folder + " cannot be made", e);
        }
        return current;
    }

    /** The open home. */
    public static synchronized SandboxHome current() {
        if (current == null) {
            throw new IllegalStateException("Jenkins.instance is missing: no home is open");
        }
        return current;
    }

    static synchronized boolean isOpen() {
        return current != null;
    }

    @Override
    public void close() {
        synchronized (SandboxHome.class) {
            if (current == this) {
                current = null;
            }
        }
    }

    public Path folder() {
        return folder;
    }

    Jenkins jenkins() {
        return jenkins;
    }

    String rootUrl() {
        return DEFAULT_ROOT_URL;
    }

    /** Registers a job for {@code Jenkins.getItemByFullName}. */
    public void addJob(Job<?, ?> job) {
        jobs.put(job.getFullName(), job);
    }

    /** The job of that name, or null. */
    public Job<?, ?> job(String fullName) {
        return jobs.get(fullName);
    }

    /**
     * A person.
     *
     * @param create makes the person if there is none of that id; null makes nobody
     */
    public User user(String id, Function<String, User> create) {
        return create == null ? users.get(id) : users.computeIfAbsent(id, create);
    }

    /** The indexed extensions of a type, by descending ordinal; each is instantiated at its first lookup. */
    public <T> List<T> extensions(Class<T> type) {
        // One lock instead of a concurrent map: the constructor of an extension may look up others.
        synchronized (extensions) {
            List<?> known = extensionsByType.get(type);
            if (known == null) {
                known = Indexed.ALL.stream()
                        .filter(indexed -> type.isAssignableFrom(indexed.type))
                        .map(indexed -> extension(indexed.type))
                        .toList();
                extensionsByType.put(type, known);
            }
            return known.stream().<T>map(type::cast).toList();
        }
    }

    private Object extension(Class<?> type) {
        Object present = extensions.get(type);
        if (present == null) {
            present = newInstance(type);
            extensions.put(type, present);
            if (present instanceof PersistentDescriptor descriptor) {
                descriptor.load();
            }
        }
        return present;
    }

    private static Object newInstance(Class<?> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The extension " + type.getName() + " cannot be made", e);
        }
    }

    /** A class that SezPoz indexed. */
    private record Indexed(double ordinal, Class<?> type) {

        /** By descending ordinal; read once for a JVM. */
        static final List<Indexed> ALL = read();

        private static List<Indexed> read() {
            List<Indexed> found = new ArrayList<>();
            for (IndexItem<Extension, Object> item :
                    Index.load(Extension.class, Object.class, SandboxHome.class.getClassLoader())) {
                try {
                    if (item.element() instanceof Class<?> type) {
                        found.add(new Indexed(item.annotation().ordinal(), type));
                    }
                } catch (InstantiationException e) {
                    throw new IllegalStateException("The extension " + item.className() + " cannot be made", e);
                }
            }
            found.sort(Comparator.comparingDouble(Indexed::ordinal).reversed());
            return List.copyOf(found);
        }
    }
}
