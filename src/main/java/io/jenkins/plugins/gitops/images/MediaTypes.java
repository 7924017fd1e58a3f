package io.jenkins.plugins.gitops.images;

import java.util.Set;

/** The media types of manifests (OCI image-spec, media-types.md; distribution, manifest-v2-2.md). */
public final class MediaTypes {

    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    private static final String DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
    private static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    /**
     * The value of the header {@code Accept}. It has all four types, since a registry may convert a manifest to an
     * accepted type and answer with the digest of the converted one.
     */
    public static final String ACCEPTED = String.join(", ", OCI_INDEX, DOCKER_INDEX, OCI_MANIFEST, DOCKER_MANIFEST);

    private static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_INDEX);
    private static final Set<String> MANIFESTS = Set.of(OCI_MANIFEST, DOCKER_MANIFEST);

    private MediaTypes() {}

    /** Whether the type is that of an index, which lists a manifest for each platform. */
    public static boolean isIndex(String mediaType) {
        return INDEXES.contains(mediaType);
    }

    /** Whether the type is one of the four accepted ones. */
    public static boolean isKnown(String mediaType) {
        return INDEXES.contains(mediaType) || MANIFESTS.contains(mediaType);
    }

    /** Whether the type is Docker's schema 1, whose digest depends on the request. */
    public static boolean isSchema1(String mediaType) {
        return mediaType.startsWith("application/vnd.docker.distribution.manifest.v1+");
    }
}
