package io.jenkins.plugins.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import io.jenkins.plugins.gitops.remote.StreamingBody;
import java.io.ByteArrayOutputStream;

/** Reads a body that is one application. */
final class ApplicationReader implements StreamingBody.BodyReader<VersionedApplication> {

    /** The largest application that is read, in bytes, alone or in a list; more than twice what Kubernetes stores. */
    static final int MAX_BYTES = 4 << 20;

    private final SecretRedaction redaction;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    ApplicationReader(SecretRedaction redaction) {
        this.redaction = redaction;
    }

    @Override
    public void take(byte[] piece) {
        if (body.size() + piece.length > MAX_BYTES) {
            throw tooLarge();
        }
        body.writeBytes(piece);
    }

    @Override
    public VersionedApplication end() {
        return ApplicationJson.read(redaction.redact(parse(body.toByteArray())));
    }

    /**
     * Parses JSON. The error does not quote the text, since messages for users quote only error messages of Argo CD.
     */
    static JsonNode parse(byte[] json) {
        try {
            return Json.parse(json, MAX_BYTES);
        } catch (MalformedJsonException e) {
            throw new MalformedJsonException("is not valid JSON");
        }
    }

    static MalformedJsonException tooLarge() {
        return new MalformedJsonException("has an application of more than 4 MiB");
    }
}
