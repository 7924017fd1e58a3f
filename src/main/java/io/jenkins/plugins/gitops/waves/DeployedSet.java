package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The image set that the required targets of a wave ran when the state ref was written last.
 *
 * @param identity the {@link io.jenkins.plugins.gitops.images.ImageSet#identity} of the set
 * @param sha the config commit from which the set was deployed
 * @param since when a controller first found the set deployed
 */
public record DeployedSet(String identity, String sha, Instant since) {

    void writeInto(ObjectNode node) {
        node.put("identity", identity).put("sha", sha).put("since", since.toString());
    }

    /** Reads the deployed set from the file of a wave; empty if there is none, or it is not readable. */
    static Optional<DeployedSet> of(ObjectNode root) {
        JsonNode deployed = root.path(WaveFile.DEPLOYED);
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
