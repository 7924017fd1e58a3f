package sandbox.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The CI of the config repository. It runs a build for each branch tip that the post-receive hook wrote into its
 * folder, in that order, at most two at a time. It can be set busy, so that builds wait. Each updated ref is signalled.
 */
final class ConfigRepoCi implements AutoCloseable {

    private static final int EXECUTORS = 2;
    private static final Pattern TESTED = Pattern.compile("main|auto|auto-ci/\\d");

    private final Path folder;
    private final ChangeSignal news;
    private final Consumer<Tip> build;
    private final Consumer<Tip> pushed;
    private final WatchService watch;
    private final Thread watcher;
    private final ExecutorService executors = Executors.newFixedThreadPool(EXECUTORS);

    private final Deque<Tip> waiting = new ArrayDeque<>();
    private int running;
    private boolean busy;

    /** A branch of the config repository, or another ref by its full name, and the commit that it was moved to. */
    record Tip(String branch, String sha) {}

    /**
     * Starts to watch the folder.
     *
     * @param news is signalled after each updated ref and after each build
     * @param build runs a build to its end
     * @param pushed receives every updated ref before its build
     */
    ConfigRepoCi(Path folder, ChangeSignal news, Consumer<Tip> build, Consumer<Tip> pushed) throws IOException {
        this.folder = folder;
        this.news = news;
        this.build = build;
        this.pushed = pushed;
        this.watch = folder.getFileSystem().newWatchService();
        folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        this.watcher = new Thread(this::watch, "ci-watcher");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Starts no more builds. */
    synchronized void becomeBusy() {
        busy = true;
    }

    /** Starts the builds that have waited. */
    synchronized void becomeFree() {
        busy = false;
        startWaiting();
    }

    /** Waits until no build is running or waiting. */
    void awaitIdle() {
        news.await("the CI has tested everything", this::isIdle);
    }

    private synchronized boolean isIdle() {
        return running == 0 && waiting.isEmpty() && unseen().isEmpty();
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
            news.tell(new UnexpectedState("The CI's queue in " + folder + " cannot be read: " + e));
        }
    }

    private void take() throws IOException {
        for (Path file : unseen()) {
            String[] words = Files.readString(file).strip().split(" ");
            Tip tip = new Tip(words[0], words[1]);
            pushed.accept(tip);
            synchronized (this) {
                if (TESTED.matcher(tip.branch()).matches()) {
                    waiting.add(tip);
                }
                Files.delete(file);
                startWaiting();
            }
            news.tell();
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
            executors.execute(() -> run(tip));
        }
    }

    private void run(Tip tip) {
        try {
            build.accept(tip);
        } catch (RuntimeException e) {
            news.tell(e);
        } finally {
            synchronized (this) {
                running--;
                startWaiting();
            }
            news.tell();
        }
    }

    @Override
    public void close() throws IOException {
        executors.shutdownNow();
        watch.close();
    }
}
