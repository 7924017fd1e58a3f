package io.jenkins.plugins.gitops.waves;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * An image set that has soaked, and was verified, in one wave for the next. It may be promoted although the first wave
 * runs another by now.
 *
 * @param identity the {@link io.jenkins.plugins.gitops.images.ImageSet#identity} of the set
 * @param sha the config commit from which the set was deployed
 * @param at when the soak was found to be over
 * @param from the wave in which it soaked; empty in what was recorded when a wave had only one before it
 */
public record QualifiedSet(String identity, String sha, Instant at, Optional<String> from) {

    /** Whether this is about a wave, of several that the set may come from. */
    public boolean isOf(String wave, boolean several) {
        return from.map(wave::equals).orElse(!several);
    }

    void writeInto(ObjectNode node) {
        node.put("identity", identity).put("sha", sha).put("at", at.toString());
        from.ifPresent(wave -> node.put("from", wave));
    }

    /** Reads a qualified set; empty if it is malformed, since it qualifies nothing then. */
    static Optional<QualifiedSet> read(JsonNode node) {
        try {
            JsonNode from = node.path("from");
            return Optional.of(new QualifiedSet(
                    node.path("identity").asText(),
                    node.path("sha").asText(),
                    Instant.parse(node.path("at").asText()),
                    from.isTextual() ? Optional.of(from.asText()) : Optional.empty()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
