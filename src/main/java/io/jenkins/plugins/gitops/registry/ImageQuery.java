package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.images.KnownImage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An image whose digest is looked up in its registry.
 *
 * @param service the service that runs the image, for error messages
 * @param repository {@code docker.example.com/service1}
 * @param tag without repository
 * @param digest the expected digest; empty to accept the digest of the tag
 * @param otherDigests digests any of which may be meant instead, if the tag has it
 * @param platform the platform of the manifest that is taken from an index, {@code linux/amd64}; empty for the index
 * @param pushedByDigest whether the image was pushed by its digest alone, so that the registry may lack the tag
 */
public record ImageQuery(
        String service,
        String repository,
        String tag,
        Optional<String> digest,
        List<String> otherDigests,
        Optional<String> platform,
        boolean pushedByDigest) {

    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9]+)?");

    /**
     * Checks the platform.
     *
     * @throws InvalidImagesException if the platform is malformed
     */
    public ImageQuery {
        otherDigests = List.copyOf(otherDigests);
        if (platform.isPresent() && !PLATFORM.matcher(platform.get()).matches()) {
            throw new InvalidImagesException(
                    "Service " + service + ", field platform: give it as linux/amd64 or linux/arm/v7.");
        }
    }

    /** A query for an image of which at most one digest is expected. */
    public ImageQuery(
            String service,
            String repository,
            String tag,
            Optional<String> digest,
            Optional<String> platform,
            boolean pushedByDigest) {
        this(service, repository, tag, digest, List.of(), platform, pushedByDigest);
    }

    /** A query for an image that has a repository and a tag. */
    public static ImageQuery of(KnownImage image, Optional<String> platform) {
        return new ImageQuery(
                image.service(),
                Objects.requireNonNull(image.repository()),
                Objects.requireNonNull(image.tag()),
                Optional.ofNullable(image.digest()),
                image.otherDigests(),
                platform,
                image.isPushedByDigest());
    }

    String tagReference() {
        return repository + ":" + tag;
    }
}
