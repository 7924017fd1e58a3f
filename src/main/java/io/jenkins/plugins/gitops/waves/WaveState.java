package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state of a wave, or of one of its sets, from its file in the state ref. The methods that return a changed file
 * keep fields that they do not know.
 *
 * @param deployed the set that was last recorded as deployed
 * @param unwell whether a target was recorded as degraded or broken since, so that the set does not soak
 * @param hold the hold of the wave, which may be over
 * @param qualified the sets of the previous wave that have soaked for this one, oldest first
 * @param problem why the file cannot be read, in a sentence: then it is not known whether the wave is held
 */
public record WaveState(
        Optional<DeployedSet> deployed,
        boolean unwell,
        Optional<Hold> hold,
        List<QualifiedSet> qualified,
        Optional<String> problem) {

    private static final String HOLD = "hold";
    private static final String QUALIFIED = "qualified";
    private static final String UNWELL = "unwell";

    /** The number of qualified sets that are kept: several, in case the newest ones are rejected. */
    private static final int MAX_QUALIFIED = 10;

    public WaveState {
        qualified = List.copyOf(qualified);
    }

    /** What is known of a wave whose file can be read. */
    public WaveState(
            Optional<DeployedSet> deployed, boolean unwell, Optional<Hold> hold, List<QualifiedSet> qualified) {
        this(deployed, unwell, hold, qualified, Optional.empty());
    }

    /** What is known of a wave whose file cannot be read. */
    public static WaveState unreadable(String problem) {
        return new WaveState(Optional.empty(), false, Optional.empty(), List.of(), Optional.of(problem));
    }

    /** The same set of a wave that is held, or is not, as a whole. */
    public WaveState within(WaveState wholeWave) {
        return new WaveState(deployed, unwell, wholeWave.hold(), qualified, problem.or(wholeWave::problem));
    }

    /**
     * Reads the file of a wave; of one that is not there nothing is known.
     *
     * @throws MalformedJsonException if the file is not a JSON object
     */
    public static WaveState read(Optional<byte[]> file) {
        return of(file.map(DeployedSet::object).orElseGet(Json::object));
    }

    private static WaveState of(ObjectNode root) {
        JsonNode hold = root.path(HOLD);
        return new WaveState(
                DeployedSet.of(root),
                root.has(UNWELL),
                hold.isMissingNode() || hold.isNull() ? Optional.empty() : Optional.of(Hold.read(hold)),
                qualified(root));
    }

    private static List<QualifiedSet> qualified(ObjectNode root) {
        var sets = new ArrayList<QualifiedSet>();
        for (JsonNode node : root.path(QUALIFIED)) {
            try {
                sets.add(new QualifiedSet(
                        node.path("identity").asText(),
                        node.path("sha").asText(),
                        Instant.parse(node.path("at").asText())));
            } catch (DateTimeException e) {
                // A malformed entry qualifies no set.
                continue;
            }
        }
        return sets;
    }

    /** The hold that is in force at a time. */
    public Optional<Hold> holdAt(Instant now) {
        return hold.filter(its -> its.isInForce(now));
    }

    /** Whether the set with this identity is qualified. */
    public boolean isQualified(String identity) {
        return qualified.stream().anyMatch(set -> set.identity().equals(identity));
    }

    /** The file with a hold, or without one if it is empty. */
    public static String withHold(Optional<byte[]> before, Optional<Hold> hold) {
        ObjectNode root = before.map(DeployedSet::object).orElseGet(Json::object);
        root.remove(HOLD);
        hold.ifPresent(present -> present.writeInto(root.putObject(HOLD)));
        return toJson(root);
    }

    /** The file with one more qualified set as the newest one; the oldest ones over the limit are dropped. */
    public static String withQualified(Optional<byte[]> before, QualifiedSet newest) {
        ObjectNode root = before.map(DeployedSet::object).orElseGet(Json::object);
        var sets = new ArrayList<>(qualified(root));
        sets.removeIf(set -> set.identity().equals(newest.identity()));
        sets.add(newest);
        ArrayNode list = root.putArray(QUALIFIED);
        for (QualifiedSet set : sets.subList(Math.max(0, sets.size() - MAX_QUALIFIED), sets.size())) {
            list.addObject()
                    .put("identity", set.identity())
                    .put("sha", set.sha())
                    .put("at", set.at().toString());
        }
        return toJson(root);
    }

    /** The file with the time since which the deployed set is unhealthy. */
    public static String withUnwell(Optional<byte[]> before, Instant since) {
        ObjectNode root = before.map(DeployedSet::object).orElseGet(Json::object);
        root.putObject(UNWELL).put("since", since.toString());
        return toJson(root);
    }

    /** The content of the file; without unknown fields if these leave no room for those of this plugin. */
    static String toJson(ObjectNode root) {
        String json = Json.write(root);
        try {
            Json.checkStorable(json.getBytes(StandardCharsets.UTF_8).length);
            return json;
        } catch (MalformedJsonException e) {
            return Json.write(bounded(root));
        }
    }

    private static ObjectNode bounded(ObjectNode root) {
        WaveState own = of(root);
        ObjectNode bounded = Json.object();
        own.deployed()
                .ifPresent(set -> bounded.putObject("deployed")
                        .put("identity", SingleLine.of(set.identity()))
                        .put("sha", SingleLine.of(set.sha()))
                        .put("since", set.since().toString()));
        own.hold().ifPresent(hold -> hold.bounded().writeInto(bounded.putObject(HOLD)));
        ArrayNode list = bounded.putArray(QUALIFIED);
        own.qualified().stream()
                .skip(Math.max(0, own.qualified().size() - MAX_QUALIFIED))
                .forEach(set -> list.addObject()
                        .put("identity", SingleLine.of(set.identity()))
                        .put("sha", SingleLine.of(set.sha()))
                        .put("at", set.at().toString()));
        if (own.unwell()) {
            bounded.putObject(UNWELL);
        }
        return bounded;
    }
}
