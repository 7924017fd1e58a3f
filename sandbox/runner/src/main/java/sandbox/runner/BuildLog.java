package sandbox.runner;

import hudson.model.TaskListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The log of a build: writes whole lines to the stream of the caller and to the log file of the build, with secrets
 * masked.
 */
final class BuildLog implements TaskListener {
    private static final long serialVersionUID = 1L;
    private static final String MASK = "****";

    // Longest first: a secret may contain another.
    private final transient Set<String> secrets = new ConcurrentSkipListSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(s -> s));
    private final transient PrintStream stream;

    BuildLog(OutputStream... targets) {
        this.stream = new PrintStream(new Lines(targets), true, StandardCharsets.UTF_8);
    }

    @Override
    public PrintStream getLogger() {
        return stream;
    }

    void mask(String secret) {
        secret.lines().filter(line -> !line.isBlank()).forEach(secrets::add);
    }

    String masked(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final OutputStream[] targets;

        Lines(OutputStream... targets) {
            this.targets = targets;
        }

        @Override
        public synchronized void write(int b) throws IOException {
            line.write(b);
            if (b == '\n') {
                emit();
            }
        }

        private void emit() throws IOException {
            byte[] bytes = masked(line.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            line.reset();
            for (OutputStream target : targets) {
                target.write(bytes);
                target.flush();
            }
        }

        @Override
        public synchronized void close() {
            try {
                if (line.size() > 0) {
                    write('\n');
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Writes the rest of an unfinished line. */
    void close() {
        stream.close();
    }

    private Object writeReplace() {
        throw new IllegalStateException("A step keeps the build's listener; it must ask its context for it each time.");
    }
}
