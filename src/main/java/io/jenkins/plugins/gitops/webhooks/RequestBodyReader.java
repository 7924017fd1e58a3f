package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Reads the bodies of requests, limited in size, in time, and in the number of bodies that are read at once. */
final class RequestBodyReader {

    /** The longest time that reading a body may take. The server itself limits the time between two bytes. */
    static final int MAX_SECONDS = 20;

    private static final int BUFFER = 8192;

    private final BodyReadingPlaces places;
    private final LongSupplier nanos;

    /**
     * How large a body may be, in bytes.
     *
     * @param taken the largest body, a multiple of 1 KiB
     * @param kept the largest body that is kept in memory; a larger one is only shown to the receiver of its pieces
     */
    record Limit(int taken, int kept) {

        static Limit of(int bytes) {
            return new Limit(bytes, bytes);
        }
    }

    /**
     * A body that was read.
     *
     * @param bytes all of it, or nothing if it was not kept
     */
    record Body(byte[] bytes, boolean kept) {}

    /** Receives the pieces of a body. */
    interface Receiver {
        void receive(byte[] buffer, int length);
    }

    /**
     * Creates the reader.
     *
     * @param nanos a clock for durations, see {@link System#nanoTime()}
     */
    RequestBodyReader(LongSupplier nanos) {
        this.nanos = nanos;
        places = new BodyReadingPlaces(nanos);
    }

    /**
     * Reads the whole body.
     *
     * @throws HttpRejection 413 if the body is larger than is taken, 408 if it takes too long or has to give way to
     *     other bodies, and 400 if it ends early
     */
    Body read(WebRequest request, Limit limit, Receiver receiver) throws HttpRejection {
        long announced = length(request.header("Content-Length"));
        if (announced > limit.taken()) {
            throw tooLarge(limit);
        }
        try (BodyReadingPlaces.Place place = places.take(request.remoteAddress())) {
            return read(request.body(), announced, limit, place, receiver);
        } catch (IOException e) {
            throw new HttpRejection(400, "The body broke off.");
        }
    }

    private static long length(@Nullable String header) throws HttpRejection {
        if (header == null) {
            return -1;
        }
        if (!header.matches("\\d{1,18}")) {
            throw new HttpRejection(400, "The Content-Length is not a number.");
        }
        return Long.parseLong(header);
    }

    private Body read(InputStream in, long announced, Limit limit, BodyReadingPlaces.Place place, Receiver receiver)
            throws IOException, HttpRejection {
        long end = nanos.getAsLong() + TimeUnit.SECONDS.toNanos(MAX_SECONDS);
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] piece = new byte[BUFFER];
        long total = 0;
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            total += read;
            if (total > limit.taken()) {
                throw tooLarge(limit);
            }
            if (nanos.getAsLong() - end > 0) {
                throw new HttpRejection(408, "The body takes longer than " + MAX_SECONDS + " seconds.");
            }
            if (!place.advance()) {
                throw new HttpRejection(408, "The body came too slowly while many were sent; send it again.");
            }
            receiver.receive(piece, read);
            if (total <= limit.kept()) {
                kept.write(piece, 0, read);
            } else {
                kept.reset();
            }
        }
        if (total < announced) {
            throw new EOFException();
        }
        return new Body(kept.toByteArray(), total <= limit.kept());
    }

    private static HttpRejection tooLarge(Limit limit) {
        return new HttpRejection(413, "The body is larger than " + (limit.taken() >> 10) + " KiB.");
    }
}
