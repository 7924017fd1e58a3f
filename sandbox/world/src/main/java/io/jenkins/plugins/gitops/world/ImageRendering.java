package io.jenkins.plugins.gitops.world;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Determines the images that the pods run when an application deploys a folder of a commit. */
@FunctionalInterface
public interface ImageRendering {

    /** The manifests below the folder as they are: each {@code image:} line in them is an image. */
    ImageRendering PLAIN = GitCommit::imagesBelow;

    /**
     * The images, in any order.
     *
     * @throws IllegalStateException if nothing can be rendered, with a sentence that says why
     */
    List<String> images(GitCommit commit, String path);

    /**
     * As a plugin of Argo CD that runs the example config repository's {@code render}: the manifests name an image by
     * its repository, and a JSON file of the same commit says which digest that is.
     *
     * @param file {@code images/staging/digests.json}, say
     */
    static ImageRendering pinnedBy(String file) {
        return (commit, path) -> {
            String digests = commit.read(file)
                    .orElseThrow(
                            () -> new IllegalStateException("Nothing has been delivered: " + file + " is missing."));
            Map<String, String> pins = new TreeMap<>();
            Matcher entry =
                    Pattern.compile("\"[^\"]*\": \"(([^\"@]*)@[^\"]*)\"").matcher(digests);
            while (entry.find()) {
                pins.put(entry.group(2), entry.group(1));
            }
            return commit.imagesBelow(path).stream()
                    .map(image -> pins.getOrDefault(image, image))
                    .toList();
        };
    }
}
