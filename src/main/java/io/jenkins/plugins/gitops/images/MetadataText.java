package io.jenkins.plugins.gitops.images;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the metadata files that tools write as lines: digests, references with digests, logs of a push, and TOML. */
final class MetadataText {

    /** A line of {@code docker push} before those of the layers. */
    private static final Pattern PUSH_REPOSITORY = Pattern.compile("The push refers to repository \\[(\\S+)]");

    /** The last line of {@code docker push} for a tag. */
    private static final Pattern PUSHED_TAG = Pattern.compile("(\\S+): digest: (\\S+) size: \\d+");

    private static final Pattern TOML_TABLE = Pattern.compile("\\[\\[?[A-Za-z0-9_.-]+]]?");
    private static final Pattern TOML_TEXT = Pattern.compile("\"([^\"\\\\]*)\"");

    private static final String IMAGE_ID =
            "has an image id, by which no registry knows the image; docker build, podman build and buildah build tell"
                    + " only that. Give what the push says instead: the file of podman push or buildah push --digestfile,"
                    + " or the output of docker push";

    private static final String NO_DIGEST = "has no digest of a pushed image. Give the file of docker buildx build"
            + " --push --metadata-file, of podman push, buildah push or skopeo copy --digestfile, of kaniko --digest-file,"
            + " of ko build --image-refs, or the output of docker push or crane digest";

    private MetadataText() {}

    /** Whether a file is text rather than JSON. A table of TOML begins with a bracket as a list of JSON does. */
    static boolean isText(String content) {
        String first = content.strip().lines().findFirst().orElse("").strip();
        return !first.startsWith("{")
                && (!first.startsWith("[") || TOML_TABLE.matcher(first).matches());
    }

    static MetadataContent read(String content) {
        List<String> lines = content.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (!lines.isEmpty() && TOML_TABLE.matcher(lines.get(0)).matches()) {
            return report(lines);
        }
        return lines.stream().anyMatch(line -> PUSH_REPOSITORY.matcher(line).matches())
                ? push(lines)
                : references(lines);
    }

    /** The log of {@code docker push}, or of several. */
    private static MetadataContent push(List<String> lines) {
        List<DescribedImage> images = new ArrayList<>();
        String repository = "";
        for (String line : lines) {
            Matcher begins = PUSH_REPOSITORY.matcher(line);
            Matcher ends = PUSHED_TAG.matcher(line);
            if (begins.matches()) {
                repository = begins.group(1);
            } else if (ends.matches()) {
                images.add(DescribedImage.of(repository + ":" + ends.group(1), ends.group(2)));
            }
        }
        return new MetadataContent(
                images, "is the output of a docker push that did not end: it has no line with the digest of a tag");
    }

    /**
     * Digests or references with digests, one a line: what podman, buildah and skopeo write as {@code --digestfile},
     * kaniko as {@code --digest-file}, {@code --image-name-with-digest-file} and {@code
     * --image-name-tag-with-digest-file}, ko and apko as {@code --image-refs}, and crane prints. Of an index, ko names the
     * manifests of its platforms after it (ko-build/ko, pkg/publish/recorder.go), and apko before it
     * (chainguard-dev/apko, internal/cli/publish.go), under the same repository without a tag.
     */
    private static MetadataContent references(List<String> lines) {
        List<DescribedImage> images = new ArrayList<>();
        Map<String, Set<String>> untagged = new LinkedHashMap<>();
        for (String line : lines) {
            int at = line.indexOf('@');
            String digest = line.substring(at + 1);
            if (KnownImage.isHexId(line)) {
                return MetadataContent.none(IMAGE_ID);
            } else if (!ImageRef.isDigest(digest)) {
                return MetadataContent.none(NO_DIGEST + "; its line \"" + SingleLine.excerpt(line) + "\" is neither a "
                        + "digest nor a reference with one");
            } else if (at <= 0) {
                images.add(new DescribedImage("", List.of(), digest, false));
            } else if (DescribedImage.tag(line.substring(0, at)).isEmpty()) {
                untagged.computeIfAbsent(line.substring(0, at), name -> new LinkedHashSet<>())
                        .add(digest);
            } else {
                images.add(DescribedImage.of(line.substring(0, at), digest));
            }
        }
        untagged.forEach((name, digests) -> images.add(DescribedImage.of(name, List.copyOf(digests))));
        return new MetadataContent(images, NO_DIGEST);
    }

    /** The file {@code report.toml} of pack (buildpacks/spec, platform.md): the table {@code image}. */
    private static MetadataContent report(List<String> lines) {
        List<String> tags = new ArrayList<>();
        String digest = "";
        boolean image = false;
        boolean inTags = false;
        for (String line : lines) {
            if (TOML_TABLE.matcher(line).matches()) {
                image = line.equals("[image]");
            } else if (image) {
                String key = line.indexOf('=') < 0
                        ? ""
                        : line.substring(0, line.indexOf('=')).strip();
                inTags = key.equals("tags") || key.isEmpty() && inTags;
                Matcher text = TOML_TEXT.matcher(line);
                while (text.find()) {
                    if (inTags) {
                        tags.add(text.group(1));
                    } else if (key.equals("digest")) {
                        digest = text.group(1);
                    }
                }
            }
        }
        return new MetadataContent(
                List.of(new DescribedImage("", List.copyOf(tags), digest, false)),
                "is a report of pack without a digest: publish the image with pack build --publish "
                        + "--report-output-dir, rather than into the Docker daemon");
    }
}
