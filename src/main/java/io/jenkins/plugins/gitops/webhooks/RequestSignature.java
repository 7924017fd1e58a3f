package io.jenkins.plugins.gitops.webhooks;

import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.crypto.Mac;

/**
 * The signature of a whole request by the headers of Standard Webhooks, {@code webhook-id}, {@code webhook-timestamp}
 * (seconds since 1970) and {@code webhook-signature}. What is signed is
 *
 * <pre>{@code <id>.<timestamp>.<METHOD> <path>?<query>
 * <body>}</pre>
 *
 * with one line feed before the body. The path begins with {@code /gitops-waves/}, whatever stands before that in the
 * address, and is decoded; the query is as it was sent, and without one there is no question mark. The signature is
 * {@code r1,} and the HMAC-SHA256 in Base64; several may be sent with blanks between, while a secret is replaced. The
 * version is not {@code v1}, which Standard Webhooks defines for a signature of id, time and body only.
 */
record RequestSignature(String id, Instant time) {

    /** The greatest difference between the time of a request and that of this controller. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String VERSION = "r1,";

    /** No dots, so that the parts of what is signed cannot be divided in another way. */
    private static final Predicate<String> ID =
            Pattern.compile("[A-Za-z0-9_-]{1,128}").asMatchPredicate();

    private static final Predicate<String> TIME = Pattern.compile("\\d{1,11}").asMatchPredicate();

    /** Reads the headers of a request with a valid proof, whose headers are therefore well-formed. */
    static RequestSignature of(WebRequest request) {
        return new RequestSignature(
                header(request, "webhook-id"),
                Instant.ofEpochSecond(Long.parseLong(header(request, "webhook-timestamp"))));
    }

    /** Begins to verify the signatures in the header of a request. */
    static RequestProof proof(SharedSecret secret, WebRequest request, String signatures) {
        String id = header(request, "webhook-id");
        String time = header(request, "webhook-timestamp");
        boolean wellFormed = ID.test(id) && TIME.test(time);
        Mac mac = secret.standardMac();
        mac.update((id + "." + time + "." + target(request) + "\n").getBytes(StandardCharsets.UTF_8));
        return RequestProof.ofSignature(
                RequestProof.Kind.REQUEST_SIGNATURE,
                mac,
                result -> anyEquals(signatures, VERSION + Base64.getEncoder().encodeToString(result)) && wellFormed);
    }

    /** Method, path and query of a request, in the signed form. */
    static String target(WebRequest request) {
        String query = request.query();
        return request.method() + " /" + EndpointRouter.ROOT + request.path()
                + (query == null || query.isEmpty() ? "" : "?" + query);
    }

    /** Compares all signatures, so that the time does not reveal which one is right. */
    static boolean anyEquals(String signatures, String expected) {
        boolean equal = false;
        for (String each : signatures.split(" ")) {
            equal |= MessageDigest.isEqual(
                    expected.getBytes(StandardCharsets.UTF_8), each.getBytes(StandardCharsets.UTF_8));
        }
        return equal;
    }

    private static String header(WebRequest request, String name) {
        String value = SignatureScheme.firstHeader(request, name);
        return value == null ? "" : value;
    }

    /** Whether the time of the request differs from now by at most {@link #TOLERANCE}. */
    boolean isTimely(Instant now) {
        return Duration.between(time, now).abs().compareTo(TOLERANCE) <= 0;
    }

    /** The time from which on the request is refused because of its age. */
    Instant acceptedUntil() {
        return time.plus(TOLERANCE);
    }
}
