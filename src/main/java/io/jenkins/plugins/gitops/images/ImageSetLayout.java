package io.jenkins.plugins.gitops.images;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads and writes the files of an image set in its folder of the config repository. */
public final class ImageSetLayout {

    /** The file formats of an image set. */
    public enum Layout {
        /** {@code tags.json} and {@code digests.json}, each a map of service to full reference. */
        TAGS_AND_DIGESTS("tags.json", "digests.json"),
        /** {@code images.json}, in the form of announcements. */
        IMAGES("images.json"),
        /** {@code values.yaml}, a values file for Helm. */
        HELM("values.yaml"),
        /** {@code kustomization.yaml}, a component for Kustomize. */
        KUSTOMIZE("kustomization.yaml");

        private final List<String> files;

        Layout(String... files) {
            this.files = List.of(files);
        }

        /** As configurations write it, such as {@code tagsAndDigests}. */
        @Override
        public String toString() {
            return this == TAGS_AND_DIGESTS ? "tagsAndDigests" : name().toLowerCase(Locale.ROOT);
        }

        /**
         * The layouts whose files belong to the plugin alone in a repository that has this one. Other programs give the
         * YAML files of theirs the same names.
         */
        public Set<Layout> reserved() {
            return EnumSet.of(this, TAGS_AND_DIGESTS, IMAGES);
        }

        /** The names of the files, relative to the folder of the set. */
        public List<String> files() {
            return files;
        }
    }

    /** Reads files of the folder of an image set. */
    @FunctionalInterface
    public interface Reader {
        /** The content of a file; empty if there is none. */
        Optional<byte[]> read(String name) throws IOException;
    }

    private ImageSetLayout() {}

    /** The contents of the files of a set, by file name; equal for equal sets. */
    public static SortedMap<String, byte[]> write(ImageSet set, Layout layout) {
        var files = new TreeMap<String, byte[]>();
        switch (layout) {
            case TAGS_AND_DIGESTS -> {
                files.put("tags.json", references(set, ImageRef::tagReference));
                files.put("digests.json", references(set, ImageRef::digestReference));
            }
            case IMAGES -> files.put("images.json", set.toJson().getBytes(StandardCharsets.UTF_8));
            case HELM -> files.put("values.yaml", YamlImages.values(set));
            case KUSTOMIZE -> files.put("kustomization.yaml", YamlImages.component(set));
        }
        return files;
    }

    private static byte[] references(ImageSet set, Function<ImageRef, String> reference) {
        var map = new TreeMap<String, String>();
        set.images().forEach((service, image) -> map.put(service, reference.apply(image)));
        return Json.write(map).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a set; a missing file has no images.
     *
     * @param folder the path of the folder, for error messages
     * @throws InvalidImagesException if the files are malformed or contradict each other
     */
    public static ImageSet read(Layout layout, String folder, Reader reader) throws IOException {
        return switch (layout) {
            case HELM -> yaml(folder, "values.yaml", reader, YamlImages::fromValues);
            case KUSTOMIZE -> yaml(folder, "kustomization.yaml", reader, YamlImages::fromComponent);
            case IMAGES -> {
                Optional<byte[]> images = reader.read("images.json");
                try {
                    yield images.map(ImageSet::parseStored).orElse(ImageSet.EMPTY);
                } catch (InvalidImagesException e) {
                    throw new InvalidImagesException(folder + "/images.json: " + e.getMessage());
                }
            }
            case TAGS_AND_DIGESTS -> {
                Map<String, String> tags = references(folder, "tags.json", reader);
                Map<String, String> digests = references(folder, "digests.json", reader);
                var images = new TreeMap<String, ImageRef>();
                var services = new TreeSet<>(tags.keySet());
                services.addAll(digests.keySet());
                for (String service : services) {
                    try {
                        images.put(
                                service,
                                ImageSet.fromReferences(
                                        service, tags.getOrDefault(service, ""), digests.getOrDefault(service, "")));
                    } catch (InvalidImagesException e) {
                        throw new InvalidImagesException(folder + ": " + e.getMessage());
                    }
                }
                yield ImageSet.of(images);
            }
        };
    }

    private static ImageSet yaml(String folder, String name, Reader reader, Function<JsonNode, ImageSet> images)
            throws IOException {
        Optional<byte[]> bytes = reader.read(name);
        if (bytes.isEmpty()) {
            return ImageSet.EMPTY;
        }
        try {
            return images.apply(SimpleYaml.parse(bytes.get()));
        } catch (MalformedJsonException e) {
            throw new InvalidImagesException(folder + "/" + name + " " + e.getMessage() + ".");
        } catch (InvalidImagesException e) {
            throw new InvalidImagesException(folder + "/" + name + ": " + e.getMessage());
        }
    }

    /**
     * Whether a file is one of a layout, and not another one that has its name by chance, such as the user's own
     * kustomization. No other program has the names of the JSON files.
     */
    public static boolean isOf(Layout layout, byte[] content) throws IOException {
        if (layout != Layout.KUSTOMIZE && layout != Layout.HELM) {
            return true;
        }
        try {
            read(layout, "", name -> Optional.of(content));
            return true;
        } catch (InvalidImagesException e) {
            return false;
        }
    }

    private static Map<String, String> references(String folder, String name, Reader reader) throws IOException {
        Optional<byte[]> bytes = reader.read(name);
        if (bytes.isEmpty()) {
            return Map.of();
        }
        JsonNode root;
        try {
            root = Json.parseStored(bytes.get());
        } catch (MalformedJsonException e) {
            throw new InvalidImagesException(folder + "/" + name + " " + e.getMessage() + ".");
        }
        var references = new TreeMap<String, String>();
        if (!root.isObject()) {
            throw new InvalidImagesException(folder + "/" + name + " is not a JSON object of service and image.");
        }
        root.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw new InvalidImagesException(folder + "/" + name + ": the image of "
                        + SingleLine.excerpt(entry.getKey()) + " is not a text.");
            }
            references.put(entry.getKey(), entry.getValue().asText());
        });
        return references;
    }
}
