package io.jenkins.plugins.gitops.remote;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Retry-After} of a response: a number of seconds or a date (RFC 9110, 10.2.3). */
public final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private RetryAfter() {}

    /**
     * Returns how long the server asks not to be called; empty if the header is missing or malformed, zero if its date
     * has passed.
     *
     * @param now what a date is compared with
     */
    public static Optional<Duration> of(HttpHeaders headers, Instant now) {
        String value = headers.firstValue("Retry-After").orElse("").strip();
        if (SECONDS.matcher(value).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        return date(value).map(until -> until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO);
    }

    /**
     * Returns how long the server asks not to be called, by its own clock alone: a date counts only together with the
     * header {@code Date}.
     */
    public static Optional<Duration> byServerClock(HttpHeaders headers) {
        Optional<Instant> now = headers.firstValue("Date").flatMap(RetryAfter::date);
        return now.isPresent()
                ? of(headers, now.get())
                : of(headers, Instant.MAX).filter(wait -> !wait.isZero());
    }

    /**
     * Returns the time by the server's own clock, from the header {@code Date}, so that a wrong clock on either side
     * does not matter; by the given clock where the header is missing.
     */
    public static Instant serverTime(HttpHeaders headers, Clock clock) {
        return headers.firstValue("Date").flatMap(RetryAfter::date).orElseGet(clock::instant);
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
