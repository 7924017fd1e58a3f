package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The file of a wave, or of one of its sets, in the state ref, as it is being changed. Controllers of several versions
 * may share one state, so that fields that this version does not know stay as they are: those of the file, and those of
 * the entries of its lists. The file says by which version of the format it was written; a version that a newer
 * controller wrote stays.
 */
public final class WaveFile {

    /** The version of the format that this version of the plugin writes. */
    public static final int SCHEMA = 2;

    static final String DEPLOYED = "deployed";
    static final String HOLD = "hold";
    static final String QUALIFIED = "qualified";
    static final String UNWELL = "unwell";
    static final String VERIFICATIONS = "verifications";
    static final String APPROVALS = "approvals";
    static final String ROLLED_BACK = "rolledBack";
    static final String EARLIER = "earlier";
    private static final String VERSION = "schema";

    /**
     * The number of qualified sets that are kept of each previous wave, besides pending ones: several, in case the newest
     * are rejected.
     */
    private static final int MAX_QUALIFIED = 10;

    /** The number of sets of which results of verifications are kept, besides pending ones. */
    private static final int MAX_VERIFIED = 10;

    /** The number of past deployments that are kept. */
    private static final int MAX_EARLIER = 50;

    /** The number of approvals that are kept, besides those of pending sets. */
    private static final int MAX_APPROVALS = 100;

    private final ObjectNode root;

    /**
     * Reads the file.
     *
     * @param before its content, if there is one
     * @throws MalformedJsonException if it is not a JSON object
     */
    public WaveFile(Optional<byte[]> before) {
        root = before.map(WaveFile::object).orElseGet(Json::object);
    }

    static ObjectNode object(byte[] json) {
        if (Json.parseStored(json) instanceof ObjectNode object) {
            return object;
        }
        throw new MalformedJsonException("is not an object");
    }

    /** Sets what the wave runs, with what it ran until now as past; it is no longer recorded as unhealthy. */
    public WaveFile deployed(DeployedSet set) {
        root.remove(UNWELL);
        DeployedSet.of(root)
                .filter(present -> !present.identity().equals(set.identity()))
                .ifPresent(present -> addEarlier(new PastDeployment(present, set.since())));
        set.writeInto(root.putObject(DEPLOYED));
        return this;
    }

    /** Adds a past deployment as the first of the list; the oldest ones over the limit are dropped. */
    private void addEarlier(PastDeployment past) {
        ArrayNode list = list(EARLIER);
        past.writeInto(list.insertObject(0));
        while (list.size() > MAX_EARLIER) {
            list.remove(list.size() - 1);
        }
    }

    /** Sets the hold, or removes it if it is empty. */
    public WaveFile hold(Optional<Hold> hold) {
        root.remove(HOLD);
        hold.ifPresent(present -> present.writeInto(root.putObject(HOLD)));
        return this;
    }

    /** Sets the time since which the deployed set is unhealthy. */
    public WaveFile unwell(Instant since) {
        root.putObject(UNWELL).put("since", since.toString());
        return this;
    }

    /**
     * Adds a qualified set as the newest one; the oldest ones over the limit are dropped.
     *
     * @param pending the identities of sets that are not dropped
     */
    public WaveFile qualified(QualifiedSet newest, Set<String> pending) {
        String from = newest.from().orElse("");
        ArrayNode list = list(QUALIFIED);
        removeIf(
                list,
                node -> node.path("identity").asText().equals(newest.identity())
                        && node.path("from").asText().equals(from));
        newest.writeInto(list.addObject());
        dropOldest(list, MAX_QUALIFIED, node -> node.path("from").asText().equals(from) && !isOfAny(node, pending));
        return this;
    }

    private static boolean isOfAny(JsonNode node, Set<String> sets) {
        return sets.contains(node.path("identity").asText());
    }

    /** Drops the oldest of the entries that may be dropped, so that only so many of these are left. */
    private static void dropOldest(ArrayNode list, int kept, Predicate<JsonNode> mayBeDropped) {
        int excess = -kept;
        for (JsonNode node : list) {
            excess += mayBeDropped.test(node) ? 1 : 0;
        }
        for (int i = 0; excess > 0; ) {
            if (mayBeDropped.test(list.get(i))) {
                list.remove(i);
                excess--;
            } else {
                i++;
            }
        }
    }

    /**
     * Sets where a verification of a set is; the results of the sets that were verified longest ago are dropped.
     *
     * @param pending the identities of sets whose results are not dropped
     */
    public WaveFile verification(VerificationResult result, Set<String> pending) {
        ArrayNode list = list(VERIFICATIONS);
        ObjectNode own = Json.object();
        for (JsonNode node : list) {
            if (node instanceof ObjectNode known && isOf(known, result)) {
                own = known;
            }
        }
        removeIf(list, node -> isOf(node, result));
        result.bounded().writeInto(own);
        list.add(own);
        Set<String> newest = new LinkedHashSet<>();
        for (int i = list.size() - 1; i >= 0 && newest.size() < MAX_VERIFIED; i--) {
            newest.add(list.get(i).path("identity").asText());
        }
        removeIf(list, node -> !isOfAny(node, newest) && !isOfAny(node, pending));
        return this;
    }

    private static boolean isOf(JsonNode node, VerificationResult result) {
        return node.path("name").asText().equals(result.name())
                && node.path("identity").asText().equals(result.identity());
    }

    /**
     * Adds an approval, in place of an earlier one of the same person and set; the oldest ones over the limit are dropped.
     *
     * @param pending the identities of sets whose approvals are not dropped
     */
    public WaveFile approval(SetApproval approval, Set<String> pending) {
        ArrayNode list = list(APPROVALS);
        removeIf(list, node -> isOf(node, approval.identity(), approval.by()));
        approval.writeInto(list.addObject());
        dropOldest(list, MAX_APPROVALS, node -> !isOfAny(node, pending));
        return this;
    }

    /** Removes a person's approval of a set. */
    public WaveFile withoutApproval(String identity, String by) {
        removeIf(list(APPROVALS), node -> isOf(node, identity, by));
        return this;
    }

    private static boolean isOf(JsonNode node, String identity, String by) {
        return node.path("identity").asText().equals(identity)
                && SingleLine.whole(node.path("by").asText()).equals(by);
    }

    /** Sets the last rollback that a failed verification caused. */
    public WaveFile rolledBack(AutomatedRollback rollback) {
        root.putObject(ROLLED_BACK)
                .put("failed", rollback.failed())
                .put("to", rollback.to())
                .put("at", rollback.at().toString());
        return this;
    }

    private ArrayNode list(String name) {
        return root.path(name) instanceof ArrayNode list ? list : root.putArray(name);
    }

    private static void removeIf(ArrayNode list, Predicate<JsonNode> unwanted) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (unwanted.test(list.get(i))) {
                list.remove(i);
            }
        }
    }

    /** The content of the file; without unknown fields if these leave no room for those of this plugin. */
    public String json() {
        root.put(VERSION, Math.max(SCHEMA, root.path(VERSION).asInt()));
        String json = Json.write(root);
        try {
            Json.checkStorable(json.getBytes(StandardCharsets.UTF_8).length);
            return json;
        } catch (MalformedJsonException e) {
            return Json.write(bounded());
        }
    }

    private ObjectNode bounded() {
        WaveState own = WaveState.of(root);
        var bounded = new WaveFile(Optional.empty());
        own.deployed()
                .map(set -> new DeployedSet(SingleLine.of(set.identity()), SingleLine.of(set.sha()), set.since()))
                .ifPresent(bounded::deployed);
        bounded.hold(own.hold().map(Hold::bounded));
        for (QualifiedSet set : newest(own.qualified())) {
            bounded.qualified(
                    new QualifiedSet(
                            SingleLine.of(set.identity()),
                            SingleLine.of(set.sha()),
                            set.at(),
                            set.from().map(SingleLine::of)),
                    Set.of());
        }
        own.approvals()
                .forEach(approval -> bounded.approval(
                        new SetApproval(
                                SingleLine.of(approval.identity()),
                                SingleLine.of(approval.by()),
                                SingleLine.of(approval.right()),
                                SingleLine.of(approval.comment()),
                                approval.at()),
                        Set.of()));
        newest(own.verifications()).forEach(result -> bounded.verification(result, Set.of()));
        own.rolledBack()
                .map(done -> new AutomatedRollback(SingleLine.of(done.failed()), SingleLine.of(done.to()), done.at()))
                .ifPresent(bounded::rolledBack);
        if (own.unwell()) {
            bounded.root.putObject(UNWELL);
        }
        bounded.root.put(VERSION, root.path(VERSION).asInt());
        return bounded.root;
    }

    /** As many of the entries of a list that somebody made too long as this plugin itself may have written. */
    private static <T> List<T> newest(List<T> entries) {
        return new ArrayList<>(entries.subList(Math.max(0, entries.size() - 1000), entries.size()));
    }
}
