package io.jenkins.plugins.gitops.events;

import io.jenkins.plugins.gitops.common.AtomicFile;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** Up to which commit of the state ref everything was told, in a file. */
public record EventCursor(Path file) {

    /** Reads it; empty if nothing was told yet, or the file cannot be understood. */
    Optional<ObjectId> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String state =
                    Json.parseStored(Files.readAllBytes(file)).path("state").asText();
            return ObjectId.isId(state) ? Optional.of(ObjectId.fromString(state)) : Optional.empty();
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
    }

    void write(ObjectId state) throws IOException {
        AtomicFile.write(file, Json.write(Json.object().put("state", state.name())));
    }
}
