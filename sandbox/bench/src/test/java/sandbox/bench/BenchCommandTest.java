package sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sandbox.browser.BigState;

/**
 * Tests that each benchmark runs with minimal parameters and prints its results in the documented format. Times are not
 * tested.
 */
class BenchCommandTest {

    private static final PairedMeasurement ONCE = new PairedMeasurement(0, 2);
    private static final RepositoryScale OVER_HTTP = RepositoryScale.of(60, 5).over(Duration.ofMillis(1));
    private static final QueueBenchmark.Settings QUEUE =
            new QueueBenchmark.Settings(List.of(RepositoryScale.of(60, 5), OVER_HTTP), List.of(3), ONCE);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private int run(String... arguments) {
        List<Benchmark> benchmarks = List.of(
                new CommitBenchmark(List.of(RepositoryScale.of(60, 5), OVER_HTTP), ONCE),
                new EvictBenchmark(QUEUE),
                new AlignBenchmark(QUEUE, 2),
                new RegenerateBenchmark(3, Duration.ofMillis(10), 2, 1000),
                new DedupeBenchmark(20, ONCE),
                new ContendBenchmark(60, 4, List.of(1, 2), ONCE),
                new DigestsBenchmark(3, Duration.ofMillis(1), ONCE),
                new WaitingBenchmark(5, 2),
                new WebhookBenchmark(20, 2, List.of(1, 2)),
                new WakeBenchmark(5, 0, 2),
                new IsolationBenchmark(4, 2, 1, 2, 100),
                new EventsBenchmark(100, Duration.ofMillis(5), 100, ONCE),
                new GatesBenchmark(3, 2, 6, ONCE),
                new RolloutBenchmark(2, 4, 4, 4),
                new FluxRolloutBenchmark(2, 4, 4, 4),
                new StateBenchmark(new BigState(3, 2, 4, 2, 5), 0, ONCE));
        return new BenchCommand(
                        benchmarks,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(errors, true, StandardCharsets.UTF_8))
                .run(List.of(arguments));
    }

    @Test
    void everyBenchmarkSaysItsResultsAsOneObjectALine() throws IOException {
        assertThat(run("--json")).as(errors.toString(StandardCharsets.UTF_8)).isZero();

        var names = new ArrayList<String>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            JsonNode result = new ObjectMapper().readTree(line);
            names.add(result.path("name").asText() + result.path("parameters"));
            assertThat(result.path("unit").asText()).isIn("ms", "MB", "KB", "threads", "requests", "verified/s");
            // A collection of garbage in between may leave less of a heap than there was.
            assertSpread(result.path("ours"), !result.path("name").asText().endsWith("-heap"));
            assertThat(result.has("peer")).isEqualTo(result.has("ratio"));
            if (result.has("peer")) {
                assertThat(result.path("peer").path("name").asText())
                        .isIn(
                                "git CLI",
                                "JGit fetch and push",
                                "one after the other",
                                "undisturbed",
                                "unsigned",
                                "without events",
                                "generator alone",
                                "no generator");
                assertSpread(result.path("peer"), true);
            }
        }
        assertThat(names)
                .containsExactly(
                        "commit{\"files\":60,\"services\":5,\"latency\":0}",
                        "commit-signed{\"files\":60,\"services\":5,\"latency\":0}",
                        "commit-floor{\"files\":60,\"services\":5,\"latency\":0}",
                        "commit-heap{\"files\":60,\"services\":5,\"latency\":0}",
                        "commit{\"files\":60,\"services\":5,\"latency\":1}",
                        "commit-requests{\"files\":60,\"services\":5,\"latency\":1}",
                        "commit-heap{\"files\":60,\"services\":5,\"latency\":1}",
                        "evict{\"files\":60,\"services\":5,\"latency\":0,\"queue\":3}",
                        "evict{\"files\":60,\"services\":5,\"latency\":1,\"queue\":3}",
                        "evict-requests{\"files\":60,\"services\":5,\"latency\":1,\"queue\":3}",
                        "align{\"files\":60,\"services\":5,\"latency\":0,\"queue\":3}",
                        "align{\"files\":60,\"services\":5,\"latency\":1,\"queue\":3}",
                        "align-requests{\"files\":60,\"services\":5,\"latency\":1,\"queue\":3}",
                        "regenerate{\"queue\":3,\"tree\":10}",
                        "regenerate-nothing{\"queue\":3,\"tree\":10}",
                        "regenerate-evict{\"queue\":3,\"tree\":10}",
                        "dedupe-start{\"commits\":20}",
                        "dedupe{\"commits\":20}",
                        "contend{\"files\":60,\"builds\":4,\"drivers\":1}",
                        "contend{\"files\":60,\"builds\":4,\"drivers\":2}",
                        "digests{\"services\":3,\"latency\":1}",
                        "waiting-heap{\"steps\":5}",
                        "waiting-threads{\"steps\":5}",
                        "waiting-requests{\"steps\":5}",
                        "waiting-end{\"steps\":5}",
                        "webhook{\"deliveries\":20,\"repositories\":1}",
                        "webhook-heap{\"deliveries\":20,\"repositories\":1}",
                        "webhook{\"deliveries\":20,\"repositories\":2}",
                        "webhook-heap{\"deliveries\":20,\"repositories\":2}",
                        "wake{\"steps\":5}",
                        "isolation{\"agents\":4,\"servers\":2}",
                        "events{\"answer\":5,\"rate\":100}",
                        "events-heap{\"answer\":5,\"rate\":100}",
                        "gates{\"services\":2,\"targets\":6,\"waves\":3}",
                        "rollout-p99{\"applications\":4,\"builds\":4,\"waves\":2}",
                        "rollout-asked{\"applications\":4,\"builds\":4,\"waves\":2}",
                        "rollout-heap{\"applications\":4,\"builds\":4,\"waves\":2}",
                        "rollout-flux-p99{\"builds\":4,\"kustomizations\":4,\"waves\":2}",
                        "state{\"services\":3,\"waves\":2,\"targets\":4,\"queue\":2,\"history\":5}",
                        "state-changed{\"services\":3,\"waves\":2,\"targets\":4,\"queue\":2,\"history\":5}",
                        "state-304{\"services\":3,\"waves\":2,\"targets\":4,\"queue\":2,\"history\":5}");
    }

    private static void assertSpread(JsonNode spread, boolean positive) {
        double median = spread.path("median").asDouble();
        double min = spread.path("min").asDouble();
        assertThat(spread.path("min").isNumber()).isTrue();
        assertThat(min > 0 || !positive).as("%s is positive", min).isTrue();
        assertThat(min).isLessThanOrEqualTo(median);
        assertThat(spread.path("max").asDouble()).isGreaterThanOrEqualTo(median);
    }

    @Test
    void aNameThatIsNotKnownIsRefusedBeforeAnythingIsMeasured() {
        assertThat(run("comit")).isEqualTo(64);

        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("'comit' is not known; there are commit, evict");
        assertThat(out.size()).isZero();
    }

    @Test
    void theRatioIsThePeersMedianOverOurs() {
        var result = new BenchResult("commit", Map.of("files", 10_000), "ms", RunSpread.of(3, 1, 2))
                .beside("git CLI", RunSpread.of(4, 6));

        assertThat(result.toJson())
                .isEqualTo("{\"name\":\"commit\",\"parameters\":{\"files\":10000},\"unit\":\"ms\","
                        + "\"ours\":{\"min\":1,\"median\":2,\"max\":3},"
                        + "\"peer\":{\"name\":\"git CLI\",\"min\":4,\"median\":5,\"max\":6},\"ratio\":2.5}");
        assertThat(result.toText()).contains("commit files=10000", "2 (1-3) ms", "git CLI 5 (4-6) ms", "2.5x");
    }
}
