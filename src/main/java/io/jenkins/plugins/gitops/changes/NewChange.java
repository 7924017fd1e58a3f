package io.jenkins.plugins.gitops.changes;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A change that is to be appended and is not in git yet.
 *
 * @param trailers its id and what its commit will record; its services are those of {@code images}
 * @param images the images that it sets
 * @param started when its build began, in whole seconds as in git: a build that had the same or a higher number before
 *     the numbers began anew is not a later one; {@link Instant#EPOCH} if numbers alone decide
 * @param subject the first line of its commit; empty for the configured one
 * @param body what else it changes; empty if it writes images only
 */
public record NewChange(
        ChangeTrailers trailers,
        ImageSet images,
        Instant started,
        Optional<String> subject,
        Optional<BodyChanges> body) {

    private static final SecureRandom RANDOM = new SecureRandom();

    public NewChange {
        ChangeTrailers.checkId(trailers.id());
        trailers = trailers.withServices(new TreeSet<>(images.images().keySet()));
        started = started.truncatedTo(ChronoUnit.SECONDS);
    }

    /** A change of images alone, with the configured first line. */
    public NewChange(ChangeTrailers trailers, ImageSet images) {
        this(trailers, images, Instant.EPOCH, Optional.empty(), Optional.empty());
    }

    /** The same change of a build that began at a time. */
    public NewChange startedAt(Instant time) {
        return new NewChange(trailers, images, time, subject, body);
    }

    /** The same change with another first line. */
    public NewChange withSubject(@Nullable String line) {
        return new NewChange(trailers, images, started, Optional.ofNullable(line), body);
    }

    /** The same change with what a body made for it. */
    public NewChange withBody(@Nullable BodyChanges made) {
        return new NewChange(trailers, images, started, subject, Optional.ofNullable(made));
    }

    /** Its id, the same through all rewrites; saved by the requester before the change is handed over. */
    public String id() {
        return trailers.id();
    }

    public ChangeOperation operation() {
        return trailers.operation();
    }

    /** The image set it writes. */
    public WavePath wavePath() {
        return trailers.wavePath();
    }

    /** Mints the id of a new change: 100 random bits in 20 letters and digits, fit for a ref and a file name. */
    public static String newId() {
        String digits = new BigInteger(100, RANDOM).toString(32);
        return "0".repeat(20 - digits.length()) + digits;
    }
}
