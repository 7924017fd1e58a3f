package io.jenkins.plugins.gitops.remote;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;

/**
 * Reads the body of an HTTP response up to a limit. A larger body is cut, and the rest of the response is cancelled.
 */
public final class BoundedBody implements StreamingBody.BodyReader<byte[]> {

    private final int most;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    private BoundedBody(int most) {
        this.most = most;
    }

    /**
     * Creates a subscriber for one response.
     *
     * @param most the limit in bytes; the result of a larger body has one byte more, by which callers recognise it
     */
    public static BodySubscriber<byte[]> upTo(int most) {
        return new StreamingBody<>(new BoundedBody(most));
    }

    @Override
    public void take(byte[] piece) {
        read.write(piece, 0, Math.min(piece.length, most + 1 - read.size()));
    }

    @Override
    public boolean isDone() {
        return read.size() > most;
    }

    @Override
    public byte[] end() {
        return read.toByteArray();
    }
}
