package sandbox.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The CI of the config repository: a build for each branch tip that the hook has left in its folder, in that order, at
 * most two at a time. It can be busy with other things, as every CI is now and then.
 */
final class Ci implements AutoCloseable {

    private static final int EXECUTORS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Consumer<Tip> build;
    private final WatchService watch;
    private final Thread watcher;
    private final ExecutorService executors = Executors.newFixedThreadPool(EXECUTORS);

    private final Deque<Tip> waiting = new ArrayDeque<>();
    private int running;
    private int builds;
    private boolean busy;
    private RuntimeException trouble;

    /** A branch of the config repository, and the commit that it was moved to. */
    record Tip(String branch, String sha) {}

    Ci(Path folder, Consumer<Tip> build) throws IOException {
        this.folder = folder;
        this.build = build;
        this.watch = folder.getFileSystem().newWatchService();
        folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        this.watcher = new Thread(this::watch, "ci-watcher");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** From now on nothing is started. */
    synchronized void becomeBusy() {
        busy = true;
    }

    /** What has waited is started. */
    synchronized void becomeFree() {
        busy = false;
        startWaiting();
    }

    synchronized int builds() {
        return builds;
    }

    /** Waits until something holds that can change when a branch moves or a build ends. */
    synchronized void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            if (trouble != null) {
                throw trouble;
            }
            if (holds.getAsBoolean()) {
                return;
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new Surprise("After " + PATIENCE.toSeconds() + " seconds this had not happened: " + what + ".");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Surprise("The demo was interrupted while it waited for this: " + what + ".");
            }
        }
    }

    /** Waits until nothing is running and nothing waits. */
    void awaitIdle() {
        await("the CI has tested everything", () -> running == 0 && waiting.isEmpty() && unseen().isEmpty());
    }

    private void watch() {
        try {
            while (true) {
                WatchKey key = watch.take();
                key.pollEvents();
                take();
                key.reset();
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            // The demo has ended.
        } catch (IOException | RuntimeException e) {
            fail(new Surprise("The CI's queue in " + folder + " cannot be read: " + e));
        }
    }

    private void take() throws IOException {
        for (Path file : unseen()) {
            String[] words = Files.readString(file).strip().split(" ");
            synchronized (this) {
                waiting.add(new Tip(words[0], words[1]));
                Files.delete(file);
                startWaiting();
                notifyAll();
            }
        }
    }

    private List<Path> unseen() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("tip-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The CI's queue in " + folder + " cannot be read.", e);
        }
    }

    private synchronized void startWaiting() {
        while (!busy && running < EXECUTORS && !waiting.isEmpty()) {
            Tip tip = waiting.remove();
            running++;
            builds++;
            executors.execute(() -> run(tip));
        }
    }

    private void run(Tip tip) {
        try {
            build.accept(tip);
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            synchronized (this) {
                running--;
                startWaiting();
                notifyAll();
            }
        }
    }

    private synchronized void fail(RuntimeException e) {
        if (trouble == null) {
            trouble = e;
        }
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        executors.shutdownNow();
        watch.close();
    }
}
