package jenkins.model;

import hudson.Extension;
import hudson.model.Job;
import hudson.model.PersistentDescriptor;
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
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;

/**
 * Makes the living types live on a folder: {@code Jenkins.get()}, extensions, global configuration, credentials, jobs.
 * One is open at a time in a JVM, as a controller is.
 */
public final class SandboxHome implements AutoCloseable {
    /** Where links lead that name a page of a controller; nothing listens there unless someone serves it. */
    public static final String DEFAULT_ROOT_URL = "http://localhost:8080/";

    private static SandboxHome current;

    private final Path folder;
    private final Jenkins jenkins = new Jenkins(this);
    private final Map<Class<?>, Object> extensions = new HashMap<>();
    private final Map<Class<?>, List<?>> extensionsByType = new HashMap<>();
    private final Map<String, Job<?, ?>> jobs = new ConcurrentHashMap<>();

    private SandboxHome(Path folder) {
        this.folder = folder;
    }

    /** Opens a home on a folder, which is created where it is missing. */
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

    /** Makes a job known to {@code Jenkins.getItemByFullName}. */
    public void addJob(Job<?, ?> job) {
        jobs.put(job.getFullName(), job);
    }

    /** The job of that name, or null. */
    public Job<?, ?> job(String fullName) {
        return jobs.get(fullName);
    }

    /** The indexed extensions of a type, by descending ordinal; each is made once, when first asked for. */
    public <T> List<T> extensions(Class<T> type) {
        // Guarded by one lock, not a concurrent map: an extension's constructor may look up others.
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

        /** Read once: the classes of a JVM stay the same. By descending ordinal. */
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
