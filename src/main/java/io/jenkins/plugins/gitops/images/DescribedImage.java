package io.jenkins.plugins.gitops.images;

import java.util.List;

/**
 * An image as a metadata file describes it.
 *
 * @param target the name by which the file tells its images apart; empty if it has none
 * @param names the references that the image was pushed as, each with or without a tag; empty if the file has none
 * @param digest empty if the file has none of this image
 * @param otherDigests digests that the file has under the same name, of which that of the tag may be one
 * @param isIndex whether BuildKit says that the digest is that of an index
 */
record DescribedImage(String target, List<String> names, String digest, List<String> otherDigests, boolean isIndex) {

    /** An image of which the file has one digest. */
    DescribedImage(String target, List<String> names, String digest, boolean isIndex) {
        this(target, names, digest, List.of(), isIndex);
    }

    /** An image that was pushed as one reference. The last part of its repository is the target. */
    static DescribedImage of(String reference, String digest) {
        return of(reference, List.of(digest));
    }

    /** An image that was pushed as one reference, with the digests of its index and the manifests in that. */
    static DescribedImage of(String reference, List<String> digests) {
        String repository = repository(reference);
        String target = repository.substring(repository.lastIndexOf('/') + 1);
        return new DescribedImage(
                target, List.of(reference), digests.get(0), digests.subList(1, digests.size()), false);
    }

    boolean isOf(String repository) {
        return names.stream().anyMatch(name -> ImageRepositoryName.same(repository(name), repository));
    }

    boolean isTagged(String tag) {
        return names.stream().anyMatch(name -> tag(name).equals(tag));
    }

    /** Returns a reference without its tag. */
    static String repository(String reference) {
        int colon = reference.lastIndexOf(':');
        return colon > reference.lastIndexOf('/') ? reference.substring(0, colon) : reference;
    }

    /** Returns the tag of a reference; empty if it has none. */
    static String tag(String reference) {
        return reference.substring(
                Math.min(reference.length(), repository(reference).length() + 1));
    }
}
