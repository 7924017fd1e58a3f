package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.images.ImageSet;

/**
 * The images of one wave before and after a commit.
 *
 * @param before the images in the parent of the commit
 * @param after the images in the commit
 */
public record ImageDiff(ImageSet before, ImageSet after) {}
