package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The state of a verification of one set in one wave.
 *
 * @param name of the verification
 * @param identity the {@link io.jenkins.plugins.gitops.images.ImageSet#identity} of the set
 * @param sha the config commit from which the set was deployed
 * @param state what is known
 * @param attempt which run of the job it is, from 1; a failed one is followed by another while there are retries; 0
 *     before the first
 * @param by the controller that runs it, or who reported it
 * @param reason why it is so, in a sentence; may be empty
 * @param url the page of its run; may be empty
 * @param at since when it is so
 * @param until the end of the lease of the controller that runs it, after which any may start it again
 */
public record VerificationResult(
        String name,
        String identity,
        String sha,
        State state,
        int attempt,
        String by,
        String reason,
        String url,
        Instant at,
        Optional<Instant> until) {

    /** Keeps texts as single lines, so that what is written is equal to what is read back. */
    public VerificationResult {
        by = SingleLine.whole(by);
        reason = SingleLine.whole(reason);
        url = SingleLine.whole(url);
    }

    /** The states of a verification. */
    public enum State {
        /** It cannot be started, for a reason that people have to remove. */
        BLOCKED,
        /** Somebody asked for another run. */
        AGAIN,
        /** A controller runs it, as long as its lease lasts. */
        RUNNING,
        /** It failed, and is not tried again by itself. */
        FAILED,
        /** It succeeded. */
        PASSED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A result for a set, without reason, page and lease. */
    public static VerificationResult of(String name, DeployedSet set, State state, int attempt, String by, Instant at) {
        return new VerificationResult(
                name, set.identity(), set.sha(), state, attempt, by, "", "", at, Optional.empty());
    }

    /** The same verification in another state, without a lease. */
    public VerificationResult with(State next, String who, String why, Instant when) {
        return new VerificationResult(name, identity, sha, next, attempt, who, why, url, when, Optional.empty());
    }

    /** The same with a reason. */
    public VerificationResult because(String why) {
        return new VerificationResult(name, identity, sha, state, attempt, by, why, url, at, until);
    }

    /** The same with the page of its run. */
    public VerificationResult seenAt(String page) {
        return new VerificationResult(name, identity, sha, state, attempt, by, reason, page, at, until);
    }

    /** The same, of the attempt before: this one does not count. */
    public VerificationResult withoutAttempt() {
        return new VerificationResult(name, identity, sha, state, attempt - 1, by, reason, url, at, until);
    }

    /** The same with a lease until a time. */
    public VerificationResult leasedUntil(Instant end) {
        return new VerificationResult(name, identity, sha, state, attempt, by, reason, url, at, Optional.of(end));
    }

    /** Whether a controller runs it at a time. */
    public boolean isLeased(Instant now) {
        return state == State.RUNNING && until.filter(now::isBefore).isPresent();
    }

    /** Whether it is of this verification and set. */
    public boolean isOf(String verification, String set) {
        return name.equals(verification) && identity.equals(set);
    }

    /** The result with texts of bounded length. */
    public VerificationResult bounded() {
        return new VerificationResult(
                SingleLine.of(name),
                identity,
                sha,
                state,
                attempt,
                SingleLine.of(by),
                SingleLine.of(reason),
                SingleLine.of(url),
                at,
                until);
    }

    /** Describes the result in a sentence for people. */
    public String sentence() {
        String why = reason.isEmpty() ? "" : ": " + reason;
        String link = url.isEmpty() ? "" : " (" + url + ")";
        String dot = (why + link).endsWith(".") ? "" : ".";
        return switch (state) {
            case BLOCKED -> name + " cannot be started" + why + dot;
            case AGAIN -> name + " is to run again, as " + by + " asked" + why + dot;
            case RUNNING -> name + " runs since " + at + link + ".";
            case FAILED -> name + " failed at " + at + why + link + dot;
            case PASSED -> name + " succeeded at " + at + link + ".";
        };
    }

    void writeInto(ObjectNode node) {
        node.put("name", name).put("identity", identity).put("sha", sha).put("state", state.toString());
        node.put("attempt", attempt).put("by", by).put("reason", reason).put("url", url);
        node.put("at", at.toString());
        node.remove("until");
        until.ifPresent(end -> node.put("until", end.toString()));
    }

    /** Reads a result; empty if it is malformed, so that the verification is done again. */
    static Optional<VerificationResult> read(JsonNode node) {
        try {
            JsonNode until = node.path("until");
            if (!CommitSha.isFull(node.path("sha").asText())
                    || !HexDigest.isSha256(node.path("identity").asText())) {
                return Optional.empty();
            }
            return Optional.of(new VerificationResult(
                    node.path("name").asText(),
                    node.path("identity").asText(),
                    node.path("sha").asText(),
                    State.valueOf(node.path("state").asText().toUpperCase(Locale.ROOT)),
                    Math.max(0, node.path("attempt").asInt(1)),
                    node.path("by").asText(),
                    node.path("reason").asText(),
                    node.path("url").asText(),
                    Instant.parse(node.path("at").asText()),
                    until.isTextual() ? Optional.of(Instant.parse(until.asText())) : Optional.empty()));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
