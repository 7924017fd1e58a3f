package sandbox.bench;

import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import jenkins.model.SandboxHome;
import sandbox.runner.WebServer;

/**
 * Measures how many webhooks of a forge the endpoint handles over HTTP, a tenth of them with a wrong signature, while
 * the driver reads its repository because of them. Sender and receiver share the machine.
 *
 * @param deliveries the number of webhooks in each round
 * @param rounds the number of measured rounds, after one that is not measured
 * @param repositories the numbers of configured repositories, each of which has secrets of its own
 */
record WebhookBenchmark(int deliveries, int rounds, List<Integer> repositories) implements Benchmark {

    private static final int SENDERS = 2;
    private static final int FORGED = 10;

    /** Makes the body about as large, in bytes, as that of a status event of GitHub. */
    private static final int PADDING = 6000;

    private static final double NANOS = 1e9;

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public String what() {
        return deliveries + " signed events of a forge over HTTP, every tenth forged";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        for (int count : repositories) {
            run(Files.createDirectory(folder.resolve("of-" + count)), count, results);
        }
    }

    private void run(Path folder, int count, Consumer<BenchResult> results) throws Exception {
        Path repository = BenchRepositories.create(folder.resolve("cfg-app.git"), 0);
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try (var home = SandboxHome.open(folder.resolve("home"));
                var server = WebServer.on("127.0.0.1", 0)) {
            try {
                HookedRepository.configure(repository, count);
                server.start((named, announced) -> 0);
                measure(server.url() + "/status/cfg-app", senders, count, results);
            } finally {
                new DriverRegistry.Lifecycle().onBeforeShutdown();
            }
        } finally {
            senders.shutdown();
        }
    }

    private void measure(String url, ExecutorService senders, int count, Consumer<BenchResult> results)
            throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        double[] rates = new double[rounds];
        double[] heaps = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            double rate = round(client, url, round, senders);
            if (round >= 0) {
                rates[round] = rate;
                heaps[round] = HeapMeter.kept();
            }
        }
        Map<String, Integer> parameters = new LinkedHashMap<>();
        parameters.put("deliveries", deliveries);
        parameters.put("repositories", count);
        results.accept(new BenchResult(name(), parameters, "verified/s", RunSpread.of(rates)));
        results.accept(new BenchResult(name() + "-heap", parameters, "MB", RunSpread.of(heaps)));
    }

    /** Runs one round; returns the number of accepted webhooks per second. */
    private double round(HttpClient client, String url, int round, ExecutorService senders) throws Exception {
        List<Callable<Integer>> shares = new ArrayList<>();
        for (int sender = 0; sender < SENDERS; sender++) {
            int first = sender;
            shares.add(() -> {
                int verified = 0;
                for (int number = first; number < deliveries; number += SENDERS) {
                    verified += deliver(client, url, round, number);
                }
                return verified;
            });
        }
        long begun = System.nanoTime();
        int verified = 0;
        for (Future<Integer> share : senders.invokeAll(shares)) {
            verified += share.get();
        }
        return verified * NANOS / (System.nanoTime() - begun);
    }

    /** Sends one webhook; returns 1 if its signature is valid, 0 if it is forged. */
    private static int deliver(HttpClient client, String url, int round, int number)
            throws IOException, InterruptedException {
        boolean forged = number % FORGED == 0;
        byte[] body = ("{\"state\": \"success\", \"id\": " + number
                        + ", \"sha\": \"%040x\", \"more\": \"".formatted(number) + "x".repeat(PADDING) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "status")
                .header("X-GitHub-Delivery", round + "-" + number)
                .header(
                        "X-Hub-Signature-256",
                        HookedRepository.signature(forged ? "guessed" : HookedRepository.FORGE, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        int status =
                client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != (forged ? 403 : 202)) {
            throw new IllegalStateException("A delivery was answered with " + status + ".");
        }
        return forged ? 0 : 1;
    }
}
