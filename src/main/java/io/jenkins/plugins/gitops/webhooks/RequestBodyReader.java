package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Reads the bodies of requests, limited in size, in time, and in the number of bodies that are read at once. */
final class RequestBodyReader {

    /** How many bodies are read at once, so that slow senders cannot take all threads of the server. */
    static final int MAX_CONCURRENT = 64;

    /** How long a body may take. The server itself limits the time between two bytes. */
    static final int MAX_SECONDS = 20;

    private static final int BUFFER = 8192;

    private final Semaphore places = new Semaphore(MAX_CONCURRENT);
    private final LongSupplier nanos;

    /**
     * Makes the reader.
     *
     * @param nanos a clock for durations, see {@link System#nanoTime()}
     */
    RequestBodyReader(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Reads the whole body.
     *
     * @param maxBytes the largest body in bytes, a multiple of 1 KiB
     * @throws HttpRejection 413 if the body is larger, 408 if it takes too long, 429 if too many are being read, and
     *     400 if it ends early
     */
    byte[] read(WebRequest request, int maxBytes) throws HttpRejection {
        long announced = length(request.header("Content-Length"));
        if (announced > maxBytes) {
            throw tooLarge(maxBytes);
        }
        if (!places.tryAcquire()) {
            throw new HttpRejection(WebResponse.sentence(429, "Too much is being sent here at once; send it again.")
                    .with(Map.of("Retry-After", "1")));
        }
        try {
            byte[] body = read(request.body(), maxBytes);
            if (body.length < announced) {
                throw new EOFException();
            }
            return body;
        } catch (IOException e) {
            throw new HttpRejection(400, "The body broke off.");
        } finally {
            places.release();
        }
    }

    private static long length(@Nullable String header) throws HttpRejection {
        if (header == null) {
            return -1;
        }
        if (!header.matches("\\d{1,18}")) {
            throw new HttpRejection(400, "The Content-Length is no number.");
        }
        return Long.parseLong(header);
    }

    private byte[] read(InputStream in, int maxBytes) throws IOException, HttpRejection {
        long end = nanos.getAsLong() + TimeUnit.SECONDS.toNanos(MAX_SECONDS);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = new byte[BUFFER];
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            body.write(piece, 0, read);
            if (body.size() > maxBytes) {
                throw tooLarge(maxBytes);
            }
            if (nanos.getAsLong() - end > 0) {
                throw new HttpRejection(408, "The body takes longer than " + MAX_SECONDS + " seconds.");
            }
        }
        return body.toByteArray();
    }

    private static HttpRejection tooLarge(int maxBytes) {
        return new HttpRejection(413, "The body is larger than " + (maxBytes >> 10) + " KiB.");
    }
}
