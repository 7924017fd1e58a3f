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
 * A change that is to be appended to the auto branch.
 *
 * @param trailers the trailers of the future commit; their services are those of {@code images}
 * @param images the images that the change sets
 * @param started when the build of the change began, in whole seconds as in git: a build that had the same or a higher
 *     number before the numbers began anew is not a later one; {@link Instant#EPOCH} if numbers alone decide
 * @param subject the first line of the commit; empty for the configured template
 * @param body the files that the body of the step changed; empty if the change writes images only
 * @param redeliver whether it may deliver a commit of the application that its wave had before something newer
 */
public record NewChange(
        ChangeTrailers trailers,
        ImageSet images,
        Instant started,
        Optional<String> subject,
        Optional<BodyChanges> body,
        boolean redeliver) {

    private static final SecureRandom RANDOM = new SecureRandom();

    public NewChange {
        ChangeTrailers.checkId(trailers.id());
        trailers = trailers.withServices(new TreeSet<>(images.images().keySet()));
        started = started.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Creates a change of images only, with the configured first line. */
    public NewChange(ChangeTrailers trailers, ImageSet images) {
        this(trailers, images, Instant.EPOCH, Optional.empty(), Optional.empty(), false);
    }

    /** A copy with the time at which the build began. */
    public NewChange startedAt(Instant time) {
        return new NewChange(trailers, images, time, subject, body, redeliver);
    }

    /** A copy with this first line, or the configured one if it is null. */
    public NewChange withSubject(@Nullable String line) {
        return new NewChange(trailers, images, started, Optional.ofNullable(line), body, redeliver);
    }

    /** A copy with the files that a body changed, or without them if they are null. */
    public NewChange withBody(@Nullable BodyChanges made) {
        return new NewChange(trailers, images, started, subject, Optional.ofNullable(made), redeliver);
    }

    /** A copy that may, or may not, deliver what its wave had before something newer. */
    public NewChange redelivering(boolean meant) {
        return new NewChange(trailers, images, started, subject, body, meant);
    }

    /** The id, which stays the same when the commit is rewritten. Steps save it before they submit the change. */
    public String id() {
        return trailers.id();
    }

    public ChangeOperation operation() {
        return trailers.operation();
    }

    /** The image set that the change writes. */
    public WavePath wavePath() {
        return trailers.wavePath();
    }

    /** Creates an id: 100 random bits as 20 letters and digits, which refs and file names may contain. */
    public static String newId() {
        String digits = new BigInteger(100, RANDOM).toString(32);
        return "0".repeat(20 - digits.length()) + digits;
    }
}
