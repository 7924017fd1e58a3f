package io.jenkins.plugins.gitops.changes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.git.BodyChanges;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A change that somebody asks for and that is not in git yet.
 *
 * @param id its identity for ever, see {@link #newId()}; saved by the asker before it is handed over
 * @param wavePath the image set it writes
 * @param images what it sets
 * @param appSha the commit of the application, full SHA
 * @param order {@code <job>#<build number>}: of two with the same job the higher number is newer
 * @param started when that build began, so that it is known from one that had the same or a higher number before the
 *     numbers began anew; {@link Instant#EPOCH} if numbers alone decide
 * @param reason why, in a few words
 * @param sourceWave for a promotion: the wave that the images ran in
 * @param sourceSha for a promotion: the config commit that was deployed there
 * @param subject the first line of its commit, or null for the configured one
 * @param build the URL of the build that made it
 * @param body what else it changes, or null if it writes images only
 */
public record NewChange(
        String id,
        ChangeOperation operation,
        WavePath wavePath,
        ImageSet images,
        @CheckForNull String appSha,
        @CheckForNull String order,
        Instant started,
        String reason,
        @CheckForNull String sourceWave,
        @CheckForNull String sourceSha,
        @CheckForNull String subject,
        @CheckForNull String build,
        @CheckForNull BodyChanges body) {

    private static final SecureRandom RANDOM = new SecureRandom();

    public NewChange(
            String id,
            ChangeOperation operation,
            WavePath wavePath,
            ImageSet images,
            @Nullable String appSha,
            @Nullable String order,
            Instant started,
            String reason,
            @Nullable String sourceWave,
            @Nullable String sourceSha,
            @Nullable String subject,
            @Nullable String build,
            @Nullable BodyChanges body) {
        this.id = ChangeTrailers.checkId(id);
        this.operation = operation;
        this.wavePath = wavePath;
        this.images = images;
        this.appSha = appSha;
        this.order = order;
        // Git keeps whole seconds, with which this is compared.
        this.started = started.truncatedTo(ChronoUnit.SECONDS);
        this.reason = reason;
        this.sourceWave = sourceWave;
        this.sourceSha = sourceSha;
        this.subject = subject;
        this.build = build;
        this.body = body;
    }

    /** A change that builds made, rather than one that comes from another wave. */
    public NewChange(
            String id,
            ChangeOperation operation,
            WavePath wavePath,
            ImageSet images,
            @Nullable String appSha,
            @Nullable String order,
            Instant started,
            String reason,
            @Nullable String subject,
            @Nullable String build) {
        this(id, operation, wavePath, images, appSha, order, started, reason, null, null, subject, build, null);
    }

    /** The same change with what a body made for it. */
    public NewChange with(@Nullable BodyChanges made) {
        return new NewChange(
                id,
                operation,
                wavePath,
                images,
                appSha,
                order,
                started,
                reason,
                sourceWave,
                sourceSha,
                subject,
                build,
                made);
    }

    /** Mints the id of a new change: 100 random bits in 20 letters and digits, fit for a ref and a file name. */
    public static String newId() {
        String digits = new BigInteger(100, RANDOM).toString(32);
        return "0".repeat(20 - digits.length()) + digits;
    }
}
