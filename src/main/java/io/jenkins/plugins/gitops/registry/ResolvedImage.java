package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.images.ImageRef;
import java.util.List;
import java.util.stream.Stream;

/**
 * An image with the digest from its registry.
 *
 * @param remarks warnings for the build log, in sentences
 */
public record ResolvedImage(ImageRef image, List<String> remarks) {

    /** Returns the image with one more remark. */
    public ResolvedImage with(String remark) {
        return new ResolvedImage(
                image, Stream.concat(remarks.stream(), Stream.of(remark)).toList());
    }
}
