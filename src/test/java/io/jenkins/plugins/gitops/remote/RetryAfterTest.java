package io.jenkins.plugins.gitops.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server says in seconds or with a date how long it asks not to be called. */
class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static HttpHeaders headers(Map<String, String> values) {
        return HttpHeaders.of(
                values.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue()))),
                (name, value) -> true);
    }

    private static Optional<Duration> retryAfter(String value) {
        return RetryAfter.of(headers(Map.of("Retry-After", value)), NOW);
    }

    @Test
    void secondsAndDatesAreRead() {
        assertThat(retryAfter(" 7 ")).contains(Duration.ofSeconds(7));
        assertThat(retryAfter("Thu, 01 Jan 2026 00:00:09 GMT")).contains(Duration.ofSeconds(9));
    }

    @Test
    void aDateThatHasPassedIsNoDelay() {
        assertThat(retryAfter("Wed, 31 Dec 2025 23:59:00 GMT")).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999"})
    void whatIsMalformedSaysNothing(String value) {
        assertThat(retryAfter(value)).isEmpty();
    }

    @Test
    void theServersOwnClockCountsWhereItIsSent() {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

        assertThat(RetryAfter.serverTime(headers(Map.of("Date", "Thu, 01 Jan 2026 01:00:00 GMT")), clock))
                .isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(RetryAfter.serverTime(headers(Map.of("Date", "now")), clock)).isEqualTo(NOW);
        assertThat(RetryAfter.serverTime(headers(Map.of()), clock)).isEqualTo(NOW);
    }

    @Test
    void byTheServersClockADateCountsWithItsOwnDateOnly() {
        String later = "Thu, 01 Jan 2026 01:00:30 GMT";

        assertThat(RetryAfter.byServerClock(headers(Map.of("Retry-After", "7"))))
                .contains(Duration.ofSeconds(7));
        assertThat(RetryAfter.byServerClock(
                        headers(Map.of("Retry-After", later, "Date", "Thu, 01 Jan 2026 01:00:00 GMT"))))
                .contains(Duration.ofSeconds(30));
        assertThat(RetryAfter.byServerClock(headers(Map.of("Retry-After", later))))
                .isEmpty();
        assertThat(RetryAfter.byServerClock(headers(Map.of()))).isEmpty();
    }
}
