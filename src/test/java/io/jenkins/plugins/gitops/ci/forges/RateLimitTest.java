package io.jenkins.plugins.gitops.ci.forges;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.world.ManualClock;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the headers of answers mean, by a clock that is turned. */
class RateLimitTest {

    private final ManualClock time = new ManualClock();
    private final RateLimit rateLimit = new RateLimit(time);

    /** Answers with headers, of which those with an empty value are missing. */
    private Optional<Duration> learn(int status, Map<String, String> given) {
        var headers = new HashMap<String, List<String>>();
        given.forEach((name, value) -> {
            if (!value.isEmpty()) {
                headers.put(name, List.of(value));
            }
        });
        return rateLimit.learn(status, HttpHeaders.of(headers, (name, value) -> true));
    }

    /** The reset in seconds from now; what is wanted and the pause in seconds. */
    @ParameterizedTest
    @CsvSource({
        "200, 1000, 200, 1000, '', , 10",
        "200, 1000, 101, 1000, '', , 1000",
        "200, 1000, 100, 1000, '', 1000, 1000",
        "200, 1000, 0, 1000, '', 1000, 1000",
        "200, '', 1, 1000, '', , 1000",
        "200, '', 0, 1000, '', 1000, 1000",
        "200, 1000, 0, 7201, '', 7200, 7200",
        "200, 1000, 0, -5, '', 0, 0",
        "200, 1000, '', 1000, '', , 0",
        "200, 1000, 200, '', '', , 0",
        "200, 1000, 200, 1000, 7, , 10",
        "404, '', '', '', 7, , 0",
        "499, '', '', '', 7, , 0",
        "403, '', '', '', '', , 0",
        "403, '', '', '', 7, 7, 0",
        "403, 1000, 0, 1000, 7, 7, 1000",
        "403, 1000, 0, 1000, '', 1000, 1000",
        "429, '', '', '', '', 60, 0",
        "429, '', '', '', 7, 7, 0",
        "429, '', '', '', 7201, 7200, 0",
        "429, 1000, 0, 1000, '', 1000, 1000",
        "500, '', '', '', 7, 7, 0",
        "503, '', '', '', '', , 0"
    })
    void anAnswerSaysHowLongToRest(
            int status, String limit, String remaining, String reset, String retryAfter, Long wanted, long pause) {
        for (String prefix : List.of("X-RateLimit-", "RateLimit-")) {
            Optional<Duration> heard = learn(
                    status,
                    Map.of(
                            prefix + "Limit",
                            limit,
                            prefix + "Remaining",
                            remaining,
                            prefix + "Reset",
                            reset.isEmpty()
                                    ? ""
                                    : String.valueOf(time.instant().getEpochSecond() + Long.parseLong(reset)),
                            "Retry-After",
                            retryAfter));

            Optional<Duration> expected = Optional.ofNullable(wanted).map(Duration::ofSeconds);
            assertThat(heard).isEqualTo(expected);
            assertThat(rateLimit.pause()).isEqualTo(Duration.ofSeconds(pause));
            assertThat(rateLimit.blockedFor()).isEqualTo(expected.filter(rest -> !rest.isZero()));
        }
    }

    @Test
    void aTimeOfEpochIsATime() {
        assertThat(learn(200, Map.of("RateLimit-Remaining", "0", "RateLimit-Reset", "0")))
                .contains(Duration.ZERO);
    }

    @Test
    void theLongestRestCounts() {
        learn(429, Map.of("Retry-After", "77"));
        learn(429, Map.of("Retry-After", "7"));
        assertThat(rateLimit.blockedFor()).contains(Duration.ofSeconds(77));
        learn(200, Map.of());
        time.turn(Duration.ofSeconds(76));
        assertThat(rateLimit.blockedFor()).contains(Duration.ofSeconds(1));
        time.turn(Duration.ofSeconds(1));
        assertThat(rateLimit.blockedFor()).isEmpty();
    }

    @Test
    void answersAreCounted() {
        assertThat(rateLimit.usage()).isEqualTo(new RateLimit.Usage(0, 0, -1));
        learn(200, Map.of("X-RateLimit-Remaining", "0"));
        learn(399, Map.of());
        learn(400, Map.of("X-RateLimit-Remaining", "many"));

        assertThat(rateLimit.usage()).isEqualTo(new RateLimit.Usage(3, 1, 0));
    }
}
