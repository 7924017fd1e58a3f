package hudson;

import hudson.model.TaskListener;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

public abstract class Proc {
    protected Proc() {}

    public abstract void kill() throws IOException, InterruptedException;

    public abstract int join() throws IOException, InterruptedException;

    /** Implemented: kills a process that exceeds the timeout. */
    public final int joinWithTimeout(final long timeout, final TimeUnit unit, final TaskListener listener)
            throws IOException, InterruptedException {
        CompletableFuture<Void> killed = CompletableFuture.runAsync(
                () -> {
                    try {
                        listener.error("Timeout after " + timeout + " " + unit);
                        kill();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                CompletableFuture.delayedExecutor(timeout, unit));
        try {
            return join();
        } finally {
            killed.cancel(false);
        }
    }

    static Proc local(List<String> commands, FilePath pwd, Map<String, String> envs, OutputStream out, OutputStream err)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(commands).directory(new File(pwd.getRemote()));
        builder.environment().putAll(envs);
        Process process = builder.start();
        CompletableFuture<Void> copied =
                CompletableFuture.allOf(copy(process.getInputStream(), out), copy(process.getErrorStream(), err));
        return new Proc() {
            @Override
            public void kill() {
                process.destroy();
            }

            @Override
            public int join() throws InterruptedException {
                copied.join();
                return process.waitFor();
            }
        };
    }

    private static CompletableFuture<Void> copy(InputStream from, OutputStream to) {
        return CompletableFuture.runAsync(() -> {
            try (from) {
                from.transferTo(to);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
