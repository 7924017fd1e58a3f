package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * The body of an answer, handed on in pieces as it arrives, so that no thread waits for it and no more of it is held
 * than its reader wants. Reading ends at the first thing that the reader refuses.
 */
final class StreamingBody<T> implements BodySubscriber<T> {

    /** Makes something of a body. Is called by one thread at a time. */
    interface Reader<T> {

        /** Takes the next piece, of any length. */
        void take(byte[] piece) throws IOException;

        /** What it comes to, now that the body has ended. */
        T end() throws IOException;
    }

    private final Reader<T> reader;
    private final CompletableFuture<T> body = new CompletableFuture<>();

    @CheckForNull
    private Flow.Subscription subscription;

    StreamingBody(Reader<T> reader) {
        this.reader = reader;
    }

    @Override
    public CompletionStage<T> getBody() {
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
        try {
            for (ByteBuffer buffer : buffers) {
                var piece = new byte[buffer.remaining()];
                buffer.get(piece);
                reader.take(piece);
            }
            from.request(1);
        } catch (IOException | RuntimeException e) {
            from.cancel();
            body.completeExceptionally(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        try {
            body.complete(reader.end());
        } catch (IOException | RuntimeException e) {
            body.completeExceptionally(e);
        }
    }
}
