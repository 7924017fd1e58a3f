package sandbox.runner;

import groovy.lang.Range;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;

/** Reads and writes {@code program.dat}. */
final class ProgramFile {
    private ProgramFile() {}

    /** Replaces the file atomically. */
    static void write(File file, JenkinsfileProgram.State state) throws IOException {
        Path fresh = file.toPath().resolveSibling(file.getName() + ".tmp");
        try (ObjectOutputStream out = new RangeReplacingStream(fresh)) {
            out.writeObject(state);
        }
        Files.move(fresh, file.toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static JenkinsfileProgram.State read(File file, JenkinsfileCompiler compiler) throws IOException {
        try (ObjectInputStream in = new LoaderStream(file, compiler.loader())) {
            return (JenkinsfileProgram.State) in.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException("it names " + e.getMessage() + ", which is gone", e);
        }
    }

    /** Replaces Groovy's ranges, which are not serializable, by lists. */
    private static final class RangeReplacingStream extends ObjectOutputStream {
        RangeReplacingStream(Path file) throws IOException {
            super(new BufferedOutputStream(Files.newOutputStream(file)));
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            return object instanceof Range<?> range ? new ArrayList<Object>(range) : object;
        }
    }

    private static final class LoaderStream extends ObjectInputStream {
        private final ClassLoader loader;

        LoaderStream(File file, ClassLoader loader) throws IOException {
            super(new BufferedInputStream(Files.newInputStream(file.toPath())));
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                // Primitive types have no loader.
                return super.resolveClass(description);
            }
        }
    }
}
