package io.jenkins.plugins.gitops.argocd;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import io.jenkins.plugins.gitops.remote.StreamingBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a list of applications, the {@code v1alpha1ApplicationList} of Argo CD's {@code assets/swagger.json}. A
 * thousand applications can be 50 MB, so only one of them is held at a time.
 */
final class ApplicationListReader implements StreamingBody.BodyReader<ApplicationListing> {

    /** The largest list that is read. */
    static final int MAX_BYTES = 256 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** The part of the list to which the next token belongs. */
    private enum Place {
        BEFORE,
        FIELD,
        VALUE,
        ITEM,
        AFTER
    }

    private final SecretRedaction redaction;
    private final JsonParser parser;
    private final List<VersionedApplication> applications = new ArrayList<>();
    private Optional<String> resourceVersion = Optional.empty();
    private boolean hasItems;
    private long read;
    private Place place = Place.BEFORE;

    /** The field that is being read. */
    private String field = "";

    /**
     * The tokens of the application, or of the value of another field, that is being read; null between two of them.
     */
    @CheckForNull
    private TokenBuffer part;

    /** The number of objects and lists that are open in the part. */
    private int open;

    /** The number of bytes that had been read when the part began. */
    private long partFrom;

    ApplicationListReader() {
        this(SecretRedaction.NONE);
    }

    /** Creates a reader that removes secrets from the texts of the applications. */
    ApplicationListReader(SecretRedaction redaction) {
        this.redaction = redaction;
        try {
            parser = MAPPER.getFactory().createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void take(byte[] piece) throws IOException {
        read += piece.length;
        if (read > MAX_BYTES) {
            throw new MalformedJsonException("is larger than 256 MiB");
        }
        if (part != null && read - partFrom > ApplicationReader.MAX_BYTES) {
            throw ApplicationReader.tooLarge();
        }
        try {
            ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).feedInput(piece, 0, piece.length);
            JsonToken token = parser.nextToken();
            while (token != JsonToken.NOT_AVAILABLE) {
                take(token);
                token = parser.nextToken();
            }
        } catch (JsonProcessingException e) {
            throw new MalformedJsonException("is not valid JSON");
        }
    }

    private void take(JsonToken token) throws IOException {
        if (part != null) {
            add(token);
        } else if (place == Place.BEFORE && token == JsonToken.START_OBJECT) {
            place = Place.FIELD;
        } else if (place == Place.FIELD && token == JsonToken.END_OBJECT) {
            place = Place.AFTER;
        } else if (place == Place.FIELD) {
            field = parser.currentName();
            place = Place.VALUE;
        } else if (place == Place.VALUE && !field.equals("items")
                || place == Place.ITEM && token == JsonToken.START_OBJECT) {
            part = new TokenBuffer(MAPPER, false);
            partFrom = read;
            add(token);
        } else if (place == Place.VALUE && (token == JsonToken.START_ARRAY || token == JsonToken.VALUE_NULL)) {
            hasItems = true;
            // Go writes null for an empty list.
            place = token == JsonToken.START_ARRAY ? Place.ITEM : Place.FIELD;
        } else if (place == Place.ITEM && token == JsonToken.END_ARRAY) {
            place = Place.FIELD;
        } else {
            throw notAList();
        }
    }

    private void add(JsonToken token) throws IOException {
        Objects.requireNonNull(part).copyCurrentEvent(parser);
        if (token.isStructStart()) {
            open++;
        } else if (token.isStructEnd()) {
            open--;
        }
        if (open > 0) {
            return;
        }
        JsonNode whole = MAPPER.readTree(part.asParser());
        part = null;
        if (place == Place.ITEM) {
            applications.add(ApplicationJson.read(redaction.redact(whole)));
        } else {
            place = Place.FIELD;
            if (field.equals("metadata")) {
                resourceVersion =
                        Optional.of(whole.path("resourceVersion").asText()).filter(version -> !version.isEmpty());
            }
        }
    }

    private static MalformedJsonException notAList() {
        return new MalformedJsonException("is not a list of applications");
    }

    @Override
    public ApplicationListing end() {
        if (place != Place.AFTER) {
            throw new MalformedJsonException("ends in its middle");
        }
        if (!hasItems) {
            throw notAList();
        }
        return new ApplicationListing(applications, resourceVersion);
    }
}
