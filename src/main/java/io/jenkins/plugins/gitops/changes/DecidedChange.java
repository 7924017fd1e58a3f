package io.jenkins.plugins.gitops.changes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The end of a change, as the state ref stores it.
 *
 * @param sha the last commit of the change
 * @param by the URL of the controller that decided
 */
public record DecidedChange(
        String id, String sha, String subject, Optional<ChangeTrailers> trailers, End end, String by, Instant at) {

    /** The cause of an eviction: a required check failed. */
    public static final String RED = "red";

    /** The cause of an eviction: the change conflicts with main. */
    public static final String CONFLICT = "conflict";

    /** The cause of an eviction: the generator fails for the change. */
    public static final String GENERATION_FAILED = "generation failed";

    /** The cause of an eviction: a user or build requested it. */
    public static final String REQUESTED = "requested";

    /** The cause of an eviction: the wave of the change is held. */
    public static final String HELD = "held";

    /** The cause of an eviction: an image of the change was rejected. */
    public static final String REJECTED = "rejected";

    /** The cause of an eviction: the commit is not signed by anybody whose commits count. */
    public static final String UNTRUSTED = "untrusted";

    /** The cause of an eviction: an approval was taken back, or more are asked for. */
    public static final String NOT_APPROVED = "not approved";

    /** The cause of an eviction: a verification of the set failed since. */
    public static final String NOT_VERIFIED = "not verified";

    /** The cause of a loss: the file that says how it ended cannot be read. */
    public static final String UNREADABLE = "unreadable";

    /** More than a person reads of a reason, and so little that its file stays small. */
    private static final int LONGEST_REASON = 10_000;

    /**
     * The outcome of a change, and why it is that.
     *
     * @param cause of an eviction, one of the constants, for programs; may be empty for other outcomes
     * @param reason the reason of the outcome, in a sentence; decides nothing, so that a very long one is cut
     * @param mainSha the commit on main that is the change or has its content, if there is one
     * @param checks the statuses of the required checks of its commit at the time of the decision
     */
    public record End(
            Outcome outcome,
            Optional<String> cause,
            String reason,
            Optional<String> mainSha,
            List<CheckStatus> checks) {

        public End {
            reason = SingleLine.of(reason, LONGEST_REASON);
            checks = List.copyOf(checks);
        }

        /** An end without a cause that programs know, and without checks. */
        public static End of(Outcome outcome, String reason, Optional<String> mainSha) {
            return new End(outcome, Optional.empty(), reason, mainSha, List.of());
        }

        /** The eviction for a cause, one of the constants. */
        public static End evicted(String cause, String reason, List<CheckStatus> checks) {
            return new End(Outcome.EVICTED, Optional.of(cause), reason, Optional.empty(), checks);
        }

        /** The same end with the checks that decided it. */
        public End withChecks(List<CheckStatus> decisive) {
            return new End(outcome, cause, reason, mainSha, decisive);
        }
    }

    public DecidedChange {
        subject = SingleLine.of(subject);
    }

    /** The same end of a change with other trailers. */
    DecidedChange with(Optional<ChangeTrailers> others) {
        return new DecidedChange(id, sha, subject, others, end, by, at);
    }

    public Outcome outcome() {
        return end.outcome();
    }

    public Optional<String> cause() {
        return end.cause();
    }

    public String reason() {
        return end.reason();
    }

    public Optional<String> mainSha() {
        return end.mainSha();
    }

    public List<CheckStatus> checks() {
        return end.checks();
    }

    /**
     * The end of a queued commit.
     *
     * @param by the URL of the controller that decides
     * @param at the time of the decision, in whole seconds
     */
    public static DecidedChange of(QueuedCommit commit, End end, String by, Instant at) {
        return new DecidedChange(commit.id(), commit.sha().name(), commit.subject(), commit.trailers(), end, by, at);
    }

    /**
     * A change that has ended, although it cannot be read how.
     *
     * @param at the day of its file
     * @param reason why it cannot
     */
    static DecidedChange unreadable(String id, Instant at, String reason) {
        var end = new End(Outcome.LOST, Optional.of(UNREADABLE), reason, Optional.empty(), List.of());
        return new DecidedChange(id, ObjectId.zeroId().name(), id, Optional.empty(), end, "somebody", at);
    }

    /** The canonical form. */
    String toJson() {
        ObjectNode root = Json.object();
        trailers.ifPresent(change -> {
            putIfKnown(root, "appSha", change.appSha());
            putIfKnown(root, "build", change.buildUrl());
        });
        root.put("at", at.toString());
        root.put("by", by);
        putIfKnown(root, "cause", cause());
        var list = root.putArray("checks");
        for (CheckStatus check : checks()) {
            ObjectNode node = list.addObject();
            node.put("at", check.at().toString());
            node.put("context", check.context());
            putIfKnown(node, "description", check.description());
            node.put("run", check.run());
            node.put("state", check.state().toString());
            putIfKnown(node, "url", check.url());
        }
        root.put("id", id);
        putIfKnown(root, "mainSha", mainSha());
        trailers.ifPresent(change -> {
            root.put("operation", change.operation().toString());
            putIfKnown(root, "order", change.order().map(BuildSequence::toString));
        });
        root.put("outcome", outcome().toString());
        root.put("reason", reason());
        trailers.ifPresent(change -> {
            var services = root.putArray("services");
            change.services().forEach(services::add);
            putIfKnown(root, "set", change.wavePath().set());
        });
        root.put("sha", sha);
        root.put("subject", subject);
        trailers.ifPresent(change -> root.put("target", change.wavePath().wave()));
        return Json.write(root);
    }

    private static void putIfKnown(ObjectNode node, String name, Optional<String> value) {
        value.ifPresent(known -> node.put(name, known));
    }

    /**
     * Parses the JSON of {@link #toJson()}; the trailers of the result have no reason and no source.
     *
     * @throws IllegalArgumentException if the JSON is malformed
     */
    public static DecidedChange parse(byte[] json) {
        JsonNode root = Json.parseStored(json);
        var checks = new ArrayList<CheckStatus>();
        for (JsonNode node : root.path("checks")) {
            checks.add(new CheckStatus(
                    node.path("context").asText(),
                    CheckState.parse(node.path("state").asText()),
                    text(node, "url"),
                    text(node, "description"),
                    instant(node),
                    node.path("run").asLong()));
        }
        return new DecidedChange(
                root.path("id").asText(),
                root.path("sha").asText(),
                SingleLine.whole(root.path("subject").asText()),
                trailers(root),
                new End(
                        outcome(root.path("outcome").asText()),
                        text(root, "cause"),
                        SingleLine.whole(root.path("reason").asText()),
                        text(root, "mainSha"),
                        checks),
                SingleLine.whole(root.path("by").asText()),
                instant(root));
    }

    private static Optional<ChangeTrailers> trailers(JsonNode root) {
        var services = new TreeSet<String>();
        root.path("services").forEach(service -> services.add(service.asText()));
        return ChangeOperation.of(root.path("operation").asText())
                .map(operation -> ChangeTrailers.builder(
                                root.path("id").asText(),
                                operation,
                                new WavePath(root.path("target").asText(), text(root, "set")))
                        .services(services)
                        .appSha(text(root, "appSha").orElse(null))
                        .order(text(root, "order").flatMap(BuildSequence::of))
                        .buildUrl(text(root, "build").orElse(null))
                        .build());
    }

    private static Outcome outcome(String word) {
        for (Outcome outcome : Outcome.values()) {
            if (outcome.toString().equals(word)) {
                return outcome;
            }
        }
        throw new MalformedJsonException("has the outcome \"" + word + "\", which is none");
    }

    private static Instant instant(JsonNode node) {
        try {
            return Instant.parse(node.path("at").asText());
        } catch (DateTimeException e) {
            throw new MalformedJsonException("has no time");
        }
    }

    private static Optional<String> text(JsonNode node, String name) {
        return node.path(name).isTextual() ? Optional.of(node.path(name).asText()) : Optional.empty();
    }
}
