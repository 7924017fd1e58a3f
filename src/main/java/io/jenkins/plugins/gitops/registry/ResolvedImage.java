package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.images.ImageRef;
import java.util.List;

/**
 * An image with the digest from its registry.
 *
 * @param remarks warnings for the build log, in sentences
 */
public record ResolvedImage(ImageRef image, List<String> remarks) {}
