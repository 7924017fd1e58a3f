package io.jenkins.plugins.gitops.images;

import java.util.List;

/**
 * What a metadata file says.
 *
 * @param images the images that it describes; empty if it has no digest that a registry could have
 * @param withoutDigest why an image has no digest and how to get it, as the end of a sentence that begins with the file
 * @param namesTags whether it names all tags, so that an image without one was pushed by its digest alone
 */
record MetadataContent(List<DescribedImage> images, String withoutDigest, boolean namesTags) {

    MetadataContent(List<DescribedImage> images, String withoutDigest) {
        this(images, withoutDigest, false);
    }

    /** A file of a kind that has no digest. */
    static MetadataContent none(String withoutDigest) {
        return new MetadataContent(List.of(), withoutDigest);
    }
}
