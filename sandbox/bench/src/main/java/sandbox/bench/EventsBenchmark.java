package sandbox.bench;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.events.EventCursor;
import io.jenkins.plugins.gitops.events.EventFeed;
import io.jenkins.plugins.gitops.events.LiveEvents;
import io.jenkins.plugins.gitops.events.NotificationSettings;
import io.jenkins.plugins.gitops.events.WebhookSink;
import io.jenkins.plugins.gitops.waves.Wave;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Measures how much events for a slow receiver delay the rounds of a driver: an append and a merge, with and without
 * them. Fails if the ratio of the medians is too high.
 *
 * @param rate the number of events in a second
 * @param answer after how long the receiver answers to each
 * @param most the highest accepted ratio of the median with events to the median without
 */
record EventsBenchmark(int rate, Duration answer, double most, PairedMeasurement measurement) implements Benchmark {

    private static final String REPOSITORY = "cfg-app";
    private static final String CONTROLLER = "https://jenkins.example.com/";
    private static final int TICKS_A_SECOND = 100;

    @Override
    public String name() {
        return "events";
    }

    @Override
    public String what() {
        return "append and merge while " + rate + " events a second go to a receiver that answers after "
                + answer.toMillis() + " ms";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        Path repository = BenchRepositories.create(folder.resolve("cfg-app.git"), 1000, BenchImages.SHOP);
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ScheduledExecutorService slow = Executors.newScheduledThreadPool(1);
        receiver.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            slow.schedule(
                    () -> {
                        exchange.sendResponseHeaders(202, -1);
                        exchange.close();
                        return null;
                    },
                    answer.toMillis(),
                    TimeUnit.MILLISECONDS);
        });
        receiver.start();
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
        var url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
        var threads = Executors.newSingleThreadExecutor();
        try (var engine = new MeasuredEngine(repository, folder.resolve("clone"));
                var feed = feed(url, repository, folder, timer, threads)) {
            var source = new Source(feed);
            timer.scheduleAtFixedRate(source, 0, 1000 / TICKS_A_SECOND, TimeUnit.MILLISECONDS);
            var without = new Delivery(engine, source, false);
            List<RunSpread> taken = measurement.measure(List.of(new Delivery(engine, source, true), without));
            Map<String, Integer> parameters = new TreeMap<>(Map.of("rate", rate, "answer", (int) answer.toMillis()));
            results.accept(
                    new BenchResult(name(), parameters, "ms", taken.get(0)).beside("without events", taken.get(1)));
            results.accept(new BenchResult(name() + "-heap", parameters, "MB", RunSpread.of(HeapMeter.kept())));
            if (taken.get(0).median() > most * taken.get(1).median()) {
                throw new IllegalStateException(
                        "Events delay rounds: they take " + taken.get(0).median() + " ms instead of "
                                + taken.get(1).median() + " ms.");
            }
        } finally {
            timer.shutdownNow();
            threads.shutdownNow();
            receiver.stop(0);
            slow.shutdownNow();
        }
    }

    private static EventFeed feed(
            String url, Path repository, Path folder, ScheduledExecutorService timer, Executor threads) {
        var sink = new WebhookSink(
                new NotificationSettings(url, List.of(), List.of(), true),
                CONTROLLER,
                HttpClient.newHttpClient(),
                EventsBenchmark::mac,
                Clock.systemUTC());
        return new EventFeed(
                BenchRepositories.settings(
                        repository.toUri().toString(),
                        List.of(Wave.named(BenchImages.WAVE)
                                .imagesPath(BenchImages.FOLDER)
                                .build())),
                sink,
                new EventCursor(folder.resolve("events.json")),
                Clock.systemUTC(),
                timer,
                threads);
    }

    private static Mac mac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Offers its share of events at each tick, while it is on. */
    private final class Source implements Runnable {
        private final EventFeed feed;
        private final AtomicLong offered = new AtomicLong();
        private volatile boolean on;

        Source(EventFeed feed) {
            this.feed = feed;
        }

        @Override
        public void run() {
            for (int i = 0; on && i < rate / TICKS_A_SECOND; i++) {
                feed.offer(LiveEvents.hookMissing(
                        REPOSITORY, Instant.now(), "source " + offered.incrementAndGet(), CONTROLLER));
            }
        }
    }

    /** Appends a change and merges it. */
    private static final class Delivery implements PairedMeasurement.Approach {
        private static int version;
        private final MeasuredEngine engine;
        private final Source source;
        private final boolean events;

        Delivery(MeasuredEngine engine, Source source, boolean events) {
            this.engine = engine;
            this.source = source;
            this.events = events;
        }

        @Override
        public void prepare() throws Exception {
            if (version == 0) {
                engine.round();
            }
            version++;
            source.on = events;
        }

        @Override
        public void run() throws Exception {
            String sha = engine.append(List.of(MeasuredEngine.change(version, BenchImages.SHOP.all(version))))
                    .sha();
            engine.report(sha, CheckState.SUCCESS);
        }
    }
}
