package io.jenkins.plugins.gitops.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Futures;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Passes the body of an HTTP response to a reader in pieces as they arrive, so that no thread waits for the body and it
 * is not buffered here. Reading ends at the first exception of the reader.
 */
public final class StreamingBody<T> implements BodySubscriber<T> {

    /** Reads a body. Is called by one thread at a time. */
    public interface BodyReader<T> {

        /**
         * Takes the next piece.
         *
         * @param piece of any length
         * @throws IOException or a {@link RuntimeException} to cancel the response, which then fails with it
         */
        void take(byte[] piece) throws IOException;

        /** Whether the rest of the body is not needed: the response is cancelled, and the result is taken now. */
        default boolean isDone() {
            return false;
        }

        /**
         * Returns the result, when the body has ended or {@link #isDone} is true.
         *
         * @throws IOException or a {@link RuntimeException} if the body is incomplete or malformed
         */
        T end() throws IOException;
    }

    private final BodyReader<T> reader;
    private final CompletableFuture<T> body = new CompletableFuture<>();

    @CheckForNull
    private Flow.Subscription subscription;

    public StreamingBody(BodyReader<T> reader) {
        this.reader = reader;
    }

    /** Returns the body of the response; fails if it has not arrived completely by the deadline. */
    public static <T> CompletableFuture<T> within(
            ScheduledExecutorService timer, Duration deadline, CompletableFuture<HttpResponse<T>> answer) {
        Futures.cancelAfter(deadline, timer, answer);
        return answer.thenApply(HttpResponse::body);
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
            if (reader.isDone()) {
                from.cancel();
                onComplete();
            } else {
                from.request(1);
            }
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
