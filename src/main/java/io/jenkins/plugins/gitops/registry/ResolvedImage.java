package io.jenkins.plugins.gitops.registry;

import io.jenkins.plugins.gitops.images.ImageRef;
import java.util.List;

/**
 * An image as its registry has it.
 *
 * @param remarks sentences that people should read
 */
public record ResolvedImage(ImageRef image, List<String> remarks) {}
