package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a whole wave was seen to run, as the state ref keeps it.
 *
 * @param identity the image set's
 * @param sha the config commit it was deployed from
 * @param since when a controller first saw it so
 */
public record DeployedSet(String identity, String sha, Instant since) {

    /** Puts this into what the state ref says of the wave; what else it says stays. */
    public String writtenInto(Optional<byte[]> before) {
        ObjectNode root = before.map(DeployedSet::object).orElseGet(Json::object);
        // It is well again, or another.
        root.remove("unwell");
        root.putObject("deployed").put("identity", identity).put("sha", sha).put("since", since.toString());
        return Json.write(root);
    }

    /** What a file says, or nothing where somebody wrote something else there. */
    static ObjectNode object(byte[] json) {
        try {
            return Json.parseStored(json) instanceof ObjectNode object ? object : Json.object();
        } catch (MalformedJsonException e) {
            return Json.object();
        }
    }

    /** Reads it from what the state ref says of the wave; nothing if that says nothing of it, or nothing readable. */
    public static Optional<DeployedSet> read(byte[] json) {
        JsonNode deployed = object(json).path("deployed");
        try {
            return deployed.isObject()
                    ? Optional.of(new DeployedSet(
                            deployed.path("identity").asText(),
                            deployed.path("sha").asText(),
                            Instant.parse(deployed.path("since").asText())))
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
