package io.jenkins.plugins.gitops.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import java.util.regex.Pattern;

/**
 * An image of which a registry is asked.
 *
 * @param service whose image it is, for the sentence of a refusal
 * @param repository {@code docker.example.com/service1}
 * @param tag bare
 * @param digest that it is known to have, or null for whatever the tag has
 * @param platform the one manifest of an index that is meant, {@code linux/amd64}, or null for all of it
 */
public record ImageQuery(
        String service,
        String repository,
        String tag,
        @Nullable String digest,
        @Nullable String platform) {

    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9]+)?");

    /**
     * Checks the platform.
     *
     * @throws InvalidImagesException if it is malformed
     */
    public ImageQuery {
        if (platform != null && !PLATFORM.matcher(platform).matches()) {
            throw new InvalidImagesException(
                    "Service " + service + ", field platform: give it as linux/amd64 or linux/arm/v7.");
        }
    }

    @Override
    @CheckForNull
    public String digest() {
        return digest;
    }

    @Override
    @CheckForNull
    public String platform() {
        return platform;
    }

    String tagReference() {
        return repository + ":" + tag;
    }
}
