package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the state ref says of a wave. What else the file says stays when it is written anew.
 *
 * @param deployed what it ran last as a whole
 * @param unwell whether that was seen to be unwell since, so that it does not soak
 * @param hold what keeps changes out of it
 * @param qualified the sets of the wave before that may be promoted into it, oldest first
 */
public record WaveState(
        Optional<DeployedSet> deployed, boolean unwell, Optional<Hold> hold, List<QualifiedSet> qualified) {

    private static final String HOLD = "hold";
    private static final String QUALIFIED = "qualified";
    private static final String UNWELL = "unwell";

    /** So many qualified sets are kept, in case the newest ones are rejected. */
    private static final int KEPT = 10;

    public WaveState {
        qualified = List.copyOf(qualified);
    }

    /** Reads the file of a wave; of one that is not there nothing is known. */
    public static WaveState read(Optional<byte[]> file) {
        ObjectNode root = file.map(DeployedSet::object).orElseGet(Json::object);
        JsonNode hold = root.path(HOLD);
        return new WaveState(
                file.flatMap(DeployedSet::read),
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
                // What somebody else wrote there qualifies nothing.
                continue;
            }
        }
        return sets;
    }

    /** The hold at a time. */
    public Optional<Hold> holdAt(Instant now) {
        return hold.filter(its -> its.isInForce(now));
    }

    /** Whether a set is among the qualified ones. */
    public boolean isQualified(String identity) {
        return qualified.stream().anyMatch(set -> set.identity().equals(identity));
    }

    /** The file with another hold, or with none. */
    public static String withHold(Optional<byte[]> before, @Nullable Hold hold) {
        ObjectNode root = before.map(DeployedSet::object).orElseGet(Json::object);
        root.remove(HOLD);
        if (hold != null) {
            hold.writeInto(root.putObject(HOLD));
        }
        return Json.write(root);
    }

    /** The file with one more qualified set, the newest. */
    public static String withQualified(Optional<byte[]> before, QualifiedSet newest) {
        ObjectNode root = before.map(DeployedSet::object).orElseGet(Json::object);
        var sets = new ArrayList<>(qualified(root));
        sets.removeIf(set -> set.identity().equals(newest.identity()));
        sets.add(newest);
        ArrayNode list = root.putArray(QUALIFIED);
        for (QualifiedSet set : sets.subList(Math.max(0, sets.size() - KEPT), sets.size())) {
            list.addObject()
                    .put("identity", set.identity())
                    .put("sha", set.sha())
                    .put("at", set.at().toString());
        }
        return Json.write(root);
    }

    /** The file saying since when what the wave runs is unwell. */
    public static String withUnwell(Optional<byte[]> before, Instant since) {
        ObjectNode root = before.map(DeployedSet::object).orElseGet(Json::object);
        root.putObject(UNWELL).put("since", since.toString());
        return Json.write(root);
    }
}
