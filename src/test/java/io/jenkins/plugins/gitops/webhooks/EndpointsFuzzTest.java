package io.jenkins.plugins.gitops.webhooks;

import static io.jenkins.plugins.gitops.webhooks.EndpointFixture.hmac;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Throws mutated requests at the endpoints for some seconds, or as many as the system property
 * {@code gitops.fuzz.seconds} says. The seed is in the name of each failure; {@code gitops.fuzz.seed} sets it.
 */
@Tag("sandbox")
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndpointsFuzzTest {

    private static final List<Integer> STATUSES = List.of(202, 400, 401, 403, 404, 405, 408, 409, 413, 415, 503);
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            "null",
            "true",
            "1e999",
            "-0",
            "\\u0000",
            "\u0000",
            "\n",
            "\r\nFORGED",
            "%0d%0aFORGED",
            "../",
            "%2e",
            "\uD800",
            "ÿ",
            "\"sha\":",
            "\"run\":99999999999999999999",
            "[[[[[[[[",
            "{\"a\":{\"a\":{\"a\":");

    private static final List<String> SIGNATURE_HEADERS =
            List.of("webhook-id", "webhook-timestamp", "webhook-signature", "Idempotency-Key", "Authorization");

    /** The driver may take up to ten seconds to keep a report; what is parsed takes milliseconds. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    @RegisterExtension
    final EndpointFixture endpoints = new EndpointFixture();

    private record Request(String path, String secret, Map<String, String> headers, String body) {}

    private static List<Request> requests() {
        String report = "{\"sha\": \"" + "0".repeat(40)
                + "\", \"context\": \"ci/check\", \"state\": \"success\", \"run\": 17, \"description\": \"well\"}";
        String images = "{\"shop\": {\"Digest\": \"docker.example.com/shop@sha256:" + "a".repeat(64)
                + "\", \"Tag\": \"docker.example.com/shop:1\"}}";
        String event = "{\"action\": \"completed\", \"check_run\": {\"name\": \"ci\", \"head_sha\": \"" + "1".repeat(40)
                + "\", \"conclusion\": \"success\"}, \"repository\": {\"full_name\": \"acme/cfg-app\"}}";
        return List.of(
                new Request("/status/cfg-app", EndpointFixture.REPORTERS, Map.of(), report),
                new Request("/status/cfg-app", EndpointFixture.FORGE, Map.of("X-GitHub-Event", "check_run"), event),
                new Request("/status/cfg-app", EndpointFixture.FORGE, Map.of("X-Gitea-Event", "status"), event),
                new Request("/status/cfg-app", EndpointFixture.FORGE, Map.of("X-Gitlab-Event", "Job Hook"), event),
                new Request(
                        "/status/cfg-app",
                        EndpointFixture.FORGE,
                        Map.of("X-Event-Key", "repo:commit_status_updated"),
                        event),
                new Request(
                        "/verify/cfg-app/staging",
                        EndpointFixture.VERIFY,
                        Map.of(),
                        "{\"name\": \"smoke\", \"state\": \"failure\", \"revision\": \"" + "3".repeat(40)
                                + "\", \"targetUrl\": \"https://ci.example.com/1\", \"description\": \"bad\"}"),
                new Request(
                        "/images/cfg-app?order=1&appSha=" + "2".repeat(40), EndpointFixture.IMAGES, Map.of(), images),
                new Request(
                        "/deployed/cfg-app/staging",
                        EndpointFixture.DEPLOYED,
                        Map.of(),
                        "{\"application\": \"staging-eu-1\", \"phase\": \"Succeeded\"}"));
    }

    @Test
    void whateverIsSentIsAnsweredAndNothingIsGivenAway() throws Exception {
        long seed = Long.getLong("gitops.fuzz.seed", System.nanoTime());
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("gitops.fuzz.seconds", 3)).toNanos();
        Random random = new Random(seed);
        String main = endpoints.main();
        int sent = 0;
        while (System.nanoTime() < end) {
            Request request = requests().get(random.nextInt(requests().size()));
            byte[] body = mutated(random, request.body().getBytes(StandardCharsets.UTF_8));
            boolean proven = random.nextInt(4) > 0;
            Map<String, String> headers = headers(random, request, body, proven);
            String path = random.nextInt(8) > 0 ? request.path() : mutated(random, request.path());

            long begun = System.nanoTime();
            WebResponse answer = endpoints.post(path, body, headers);
            Duration taken = Duration.ofNanos(System.nanoTime() - begun);

            sent++;
            String what = "seed " + seed + ", request " + sent + " to " + path;
            assertThat(answer.status()).as(what).isIn(STATUSES);
            assertThat(taken).as(what).isLessThan(LONGEST);
            assertThat(answer.body()).as(what).hasSizeLessThan(2000);
            if (!proven) {
                assertThat(answer.status()).as(what + ", not proven").isNotEqualTo(202);
            }
        }
        assertThat(sent).isPositive();
        assertThat(endpoints.main()).isEqualTo(main);
        assertThat(endpoints.log())
                .doesNotContain(
                        EndpointFixture.DEPLOYED,
                        EndpointFixture.IMAGES,
                        EndpointFixture.FORGE,
                        EndpointFixture.REPORTERS,
                        EndpointFixture.VERIFY)
                .doesNotContain("staging-eu-1", "check_run", "docker.example.com");
        assertThat(endpoints.log().lines()).as("lines of others").noneMatch(line -> line.startsWith("FORGED"));
    }

    private static Map<String, String> headers(Random random, Request request, byte[] body, boolean proven) {
        var headers = new HashMap<>(request.headers());
        String secret = proven ? request.secret() : "guessed-" + random.nextInt(10);
        String signature = hmac(secret, body);
        if (request.headers().isEmpty()) {
            String id = "id-" + random.nextInt(1000);
            headers.putAll(EndpointFixture.signed(secret, id, Instant.now(), request.path(), body));
            if (random.nextInt(5) == 0) {
                String header = SIGNATURE_HEADERS.get(random.nextInt(SIGNATURE_HEADERS.size()));
                headers.put(header, mutated(random, headers.getOrDefault(header, "r1,")));
            }
        }
        headers.put("X-Hub-Signature-256", "sha256=" + signature);
        headers.put("X-Hub-Signature", "sha256=" + signature);
        headers.put("X-Gitea-Signature", signature);
        headers.put("X-Gitlab-Token", secret);
        if (random.nextInt(10) == 0) {
            headers.put("Content-Type", mutated(random, "application/json"));
        }
        if (random.nextInt(10) == 0) {
            headers.put("Content-Length", Integer.toString(random.nextInt(2000)));
        }
        return headers;
    }

    private static String mutated(Random random, String original) {
        return new String(mutated(random, original.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static byte[] mutated(Random random, byte[] original) {
        byte[] mutant = original;
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(mutant.length + 1);
            int to = Math.min(mutant.length, at + random.nextInt(20));
            byte[] piece = PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
            mutant = switch (random.nextInt(5)) {
                case 0 -> Arrays.copyOf(mutant, at);
                case 1 -> spliced(mutant, at, piece, at);
                case 2 -> spliced(mutant, at, piece, to);
                case 3 -> spliced(mutant, at, Arrays.copyOfRange(mutant, at, to), at);
                default -> flipped(random, mutant);
            };
        }
        return mutant;
    }

    private static byte[] spliced(byte[] text, int at, byte[] piece, int rest) {
        byte[] all = Arrays.copyOf(text, at + piece.length + text.length - rest);
        System.arraycopy(piece, 0, all, at, piece.length);
        System.arraycopy(text, rest, all, at + piece.length, text.length - rest);
        return all;
    }

    private static byte[] flipped(Random random, byte[] text) {
        byte[] all = text.clone();
        if (all.length > 0) {
            all[random.nextInt(all.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return all;
    }
}
