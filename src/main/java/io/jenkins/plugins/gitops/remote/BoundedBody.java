package io.jenkins.plugins.gitops.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Reads the body of an HTTP response up to a limit. A larger body is cut, and the rest of the response is cancelled.
 */
public final class BoundedBody implements BodySubscriber<byte[]> {

    private final int most;
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();

    @CheckForNull
    private Flow.Subscription subscription;

    /**
     * Creates a subscriber for one response.
     *
     * @param most the limit in bytes; the result of a larger body has one byte more, by which callers recognise it
     */
    public BoundedBody(int most) {
        this.most = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        Flow.Subscription from = Objects.requireNonNull(subscription);
        for (ByteBuffer buffer : buffers) {
            var piece = new byte[Math.min(buffer.remaining(), most + 1 - read.size())];
            buffer.get(piece);
            read.writeBytes(piece);
        }
        if (read.size() > most) {
            from.cancel();
            body.complete(read.toByteArray());
        } else {
            from.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(read.toByteArray());
    }
}
