package sandbox.bench;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import sandbox.browser.BigState;
import sandbox.browser.Chromium;
import sandbox.browser.PageHost;
import sandbox.runner.PageShell;

/**
 * Measures the request of a large state over HTTP, and the page with it in a browser.
 *
 * @param updates the number of states that the page shows one after the other; 0 to measure no browser
 */
record StateBenchmark(BigState size, int updates, PairedMeasurement measurement) implements Benchmark {

    /** The interval at which the page requests the state. */
    private static final int POLL_MS = 2000;

    private static final int OPENED = 10;

    /** Records the time at which the page is complete and handles clicks. */
    private static final String NOTE_SHOWN = """
            new MutationObserver(() => {
              if (document.querySelector("#gitops-waves[data-shown]")) {
                window.shownAt ??= performance.now();
              }
            }).observe(document, { subtree: true, attributeFilter: ["data-shown"] });
            """;

    private static final double BYTES_OF_MB = 1 << 20;

    @Override
    public String name() {
        return "state";
    }

    @Override
    public String what() {
        return "tell and show " + size.services() + " services in " + size.waves() + " waves";
    }

    @Override
    public void run(Path folder, Consumer<BenchResult> results) throws Exception {
        RepositoryState state = size.make();
        try (var host = new PageHost(state, PageShell.Rights.EVERYTHING)) {
            var client = HttpClient.newHttpClient();
            URI address = URI.create(host.stateUrl());
            String tag = ask(client, address, "").headers().firstValue("ETag").orElseThrow();
            results.accept(result(
                    "state",
                    "ms",
                    measurement
                            .measure(List.of(asking(client, address, "", () -> {})))
                            .get(0)));
            PairedMeasurement.Approach changed =
                    asking(client, address, "", () -> host.set(changed(host.state()), Optional.empty()));
            results.accept(result(
                    "state-changed", "ms", measurement.measure(List.of(changed)).get(0)));
            host.set(state, Optional.empty());
            results.accept(result(
                    "state-304",
                    "ms",
                    measurement
                            .measure(List.of(asking(client, address, tag, () -> {})))
                            .get(0)));
            if (updates > 0 && Chromium.missing().isEmpty()) {
                browse(host, results);
            }
        }
    }

    private static PairedMeasurement.Approach asking(HttpClient client, URI address, String tag, Runnable before) {
        return new PairedMeasurement.Approach() {
            @Override
            public void prepare() {
                before.run();
            }

            @Override
            public void run() throws Exception {
                int status = ask(client, address, tag).statusCode();
                if (status != (tag.isEmpty() ? 200 : 304)) {
                    throw new IllegalStateException("The answer was " + status + ".");
                }
            }
        };
    }

    private static HttpResponse<byte[]> ask(HttpClient client, URI address, String tag)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address);
        if (!tag.isEmpty()) {
            request.header("If-None-Match", tag);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Returns the state with another order of queue and history: the first entry of each becomes the last. */
    private static RepositoryState changed(RepositoryState state) {
        var auto = new ArrayList<>(state.auto());
        auto.add(auto.remove(0));
        var history = new ArrayList<>(state.history());
        history.add(history.remove(0));
        return new RepositoryState(
                state.head(),
                auto,
                state.waves(),
                state.rejections(),
                new RepositoryState.Past(history, state.brought(), List.of()),
                state.problems());
    }

    private void browse(PageHost host, Consumer<BenchResult> results) {
        try (Chromium chromium = Chromium.start()) {
            var shown = new double[OPENED];
            for (int i = 0; i < OPENED; i++) {
                try (BrowserContext context = chromium.browser().newContext()) {
                    Page page = context.newPage();
                    page.addInitScript(NOTE_SHOWN);
                    page.navigate(host.url());
                    shown[i] = ((Number)
                                    page.waitForFunction("() => window.shownAt").jsonValue())
                            .doubleValue();
                }
            }
            results.accept(result("page", "ms", RunSpread.of(shown)));
            try (BrowserContext context = chromium.browser().newContext()) {
                results.accept(result("page-heap", "MB", heap(context, host)));
            }
            try (BrowserContext context = chromium.browser().newContext()) {
                results.accept(result("page-change", "ms", changes(context, host)));
            }
        }
    }

    /** How long the page took to draw each of several changed states, in milliseconds; the clock is the real one. */
    private static RunSpread changes(BrowserContext context, PageHost host) {
        Page page = context.newPage();
        page.navigate(host.url());
        page.waitForSelector("#gitops-waves[data-shown]");
        var draws = new double[OPENED];
        for (int i = 0; i < OPENED; i++) {
            Object before = page.evaluate("() => performance.getEntriesByName('gitops-waves-drawn').at(-1).startTime");
            host.set(changed(host.state()), Optional.empty());
            draws[i] = ((Number) page.waitForFunction(
                                    "before => performance.getEntriesByName('gitops-waves-drawn')"
                                            + ".filter(drawn => drawn.startTime > before).at(-1)?.duration",
                                    before)
                            .jsonValue())
                    .doubleValue();
        }
        return RunSpread.of(draws);
    }

    /** The heap of the page in MiB after each tenth of the updates, measured after a garbage collection. */
    private RunSpread heap(BrowserContext context, PageHost host) {
        Page page = context.newPage();
        page.clock().install();
        page.navigate(host.url() + "#queue");
        page.waitForSelector("#gitops-waves[data-shown]");
        CDPSession session = context.newCDPSession(page);
        var heap = new ArrayList<Double>();
        for (int update = 1; update <= updates; update++) {
            host.set(changed(host.state()), Optional.empty());
            String first = host.state().auto().get(0).status().id();
            page.clock().runFor(POLL_MS);
            page.waitForFunction("id => document.querySelector('#queue tbody tr').textContent.includes(id)", first);
            if (update % (updates / 10) == 0) {
                session.send("HeapProfiler.collectGarbage");
                JsonObject used = session.send("Runtime.getHeapUsage");
                heap.add(used.get("usedSize").getAsDouble() / BYTES_OF_MB);
            }
        }
        return RunSpread.of(heap.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private BenchResult result(String name, String unit, RunSpread taken) {
        Map<String, Integer> parameters = new LinkedHashMap<>();
        parameters.put("services", size.services());
        parameters.put("waves", size.waves());
        parameters.put("targets", size.targets());
        parameters.put("queue", size.queued());
        parameters.put("history", size.ended());
        return new BenchResult(name, parameters, unit, taken);
    }
}
