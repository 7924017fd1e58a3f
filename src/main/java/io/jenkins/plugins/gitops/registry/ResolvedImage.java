package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.images.ImageRef;
import java.util.List;

/**
 * An image with the digest that its registry has for it.
 *
 * @param remarks warnings for the build log, in sentences
 */
public record ResolvedImage(ImageRef image, List<String> remarks) {}
