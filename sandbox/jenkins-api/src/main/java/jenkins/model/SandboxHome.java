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
    private final Map<String, Object> extensions = new HashMap<>();
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
        record Found<T>(double ordinal, T extension) {}
        List<Found<T>> found = new ArrayList<>();
        for (IndexItem<Extension, Object> item : Index.load(Extension.class, Object.class, getClass().getClassLoader())) {
            try {
                Object element = item.element();
                if (element instanceof Class<?> candidate && type.isAssignableFrom(candidate)) {
                    found.add(new Found<>(item.annotation().ordinal(), type.cast(extension(candidate, item))));
                }
            } catch (InstantiationException e) {
                throw new IllegalStateException("The extension " + item.className() + " cannot be made", e);
            }
        }
        found.sort(Comparator.comparingDouble((Found<T> each) -> each.ordinal).reversed());
        return found.stream().map(Found::extension).toList();
    }

    private Object extension(Class<?> type, IndexItem<Extension, Object> item) throws InstantiationException {
        // Guarded by one lock, not a concurrent map: an extension's constructor may look up others.
        synchronized (extensions) {
            Object present = extensions.get(type.getName());
            if (present == null) {
                present = newInstance(type);
                extensions.put(type.getName(), present);
                if (present instanceof PersistentDescriptor descriptor) {
                    descriptor.load();
                }
            }
            return present;
        }
    }

    private static Object newInstance(Class<?> type) throws InstantiationException {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw (InstantiationException) new InstantiationException(type.getName()).initCause(e);
        }
    }
}
