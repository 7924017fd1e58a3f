package io.jenkins.plugins.gitops.images;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The forms of an image set that Helm and Kustomize read as they are. Texts are quoted, since a tag may be a number. */
final class YamlImages {

    private static final String API_VERSION = "kustomize.config.k8s.io/v1alpha1";
    private static final String KIND = "Component";
    private static final Set<String> VALUES = Set.of("repository", "tag", "digest", "reference");
    private static final Set<String> FIELDS = Set.of("name", "newName", "newTag", "digest");

    /** How a dot of a service's name is written for Kustomize, which takes the name for a regular expression. */
    private static final String DOT = "[.]";

    private YamlImages() {}

    /** A values file for Helm: {@code .Values.images.<service>.reference} is what a pod runs. */
    static byte[] values(ImageSet set) {
        if (set.isEmpty()) {
            return bytes("images: {}\n");
        }
        var text = new StringBuilder("images:\n");
        set.images()
                .forEach((service, image) -> text.append("  \"%s\":\n".formatted(service))
                        .append(field("    ", "repository", image.repository()))
                        .append(field("    ", "tag", image.tag()))
                        .append(field("    ", "digest", image.digest()))
                        .append(field("    ", "reference", image.digestReference())));
        return bytes(text.toString());
    }

    /**
     * A component for Kustomize, in which the image of a service has the name of the service.
     *
     * @throws InvalidImagesException if Kustomize would take the repository of an image for another service
     */
    static byte[] component(ImageSet set) {
        set.images().forEach((service, image) -> requireOneReplacement(set, service, image));
        var text = new StringBuilder("apiVersion: " + API_VERSION + "\nkind: " + KIND + "\n");
        text.append(set.isEmpty() ? "images: []\n" : "images:\n");
        set.images()
                .forEach((service, image) -> text.append("  - name: \"%s\"\n".formatted(service.replace(".", DOT)))
                        .append(field("    ", "newName", image.repository()))
                        .append(field("    ", "newTag", image.tag()))
                        .append(field("    ", "digest", image.digest())));
        return bytes(text.toString());
    }

    /** Kustomize replaces names one after the other, also those that it has put in. */
    private static void requireOneReplacement(ImageSet set, String service, ImageRef image) {
        String repository = image.repository();
        if (!service.equals(repository)
                && set.get(repository).filter(other -> !other.equals(image)).isPresent()) {
            throw new InvalidImagesException("Service " + service + " has the repository " + repository
                    + ", which Kustomize would take for the service " + repository
                    + "; give it with its registry, such as docker.io/library/" + repository + ".");
        }
    }

    private static String field(String indent, String name, String value) {
        return indent + name + ": \"" + value + "\"\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static ImageSet fromValues(JsonNode root) {
        requireOnly(root, Set.of("images"), "the file");
        var images = new TreeMap<String, ImageRef>();
        requireShape(root, root.path("images").isObject(), "a mapping of services");
        for (Map.Entry<String, JsonNode> entry : root.path("images").properties()) {
            String service = ImageSet.checkService(entry.getKey());
            JsonNode fields = entry.getValue();
            requireOnly(fields, VALUES, "service " + service);
            ImageRef image =
                    ImageRef.of(service, text(fields, "repository"), text(fields, "tag"), text(fields, "digest"));
            String reference = text(fields, "reference");
            if (!reference.isEmpty() && !reference.equals(image.digestReference())) {
                throw new InvalidImagesException("Service " + service + ", field reference: \""
                        + SingleLine.excerpt(reference) + "\" is not its repository with its digest.");
            }
            images.put(service, image);
        }
        return ImageSet.of(images);
    }

    static ImageSet fromComponent(JsonNode root) {
        requireOnly(root, Set.of("apiVersion", "kind", "images"), "the file");
        if (!KIND.equals(text(root, "kind"))) {
            throw new InvalidImagesException("It is not a component: set kind to " + KIND + ".");
        }
        var images = new TreeMap<String, ImageRef>();
        requireShape(root, root.path("images").isArray(), "a list");
        for (JsonNode fields : root.path("images")) {
            String service = ImageSet.checkService(text(fields, "name").replace(DOT, "."));
            requireOnly(fields, FIELDS, "service " + service);
            ImageRef image =
                    ImageRef.of(service, text(fields, "newName"), text(fields, "newTag"), text(fields, "digest"));
            if (images.put(service, image) != null) {
                throw new InvalidImagesException("Service " + service + " is there twice.");
            }
        }
        return ImageSet.of(images);
    }

    /** Nothing at all is an empty set. */
    private static void requireShape(JsonNode root, boolean right, String shape) {
        if (!right && !text(root, "images").isEmpty()) {
            throw new InvalidImagesException("images is not " + shape + ".");
        }
    }

    /** Refuses what the next write would remove. */
    private static void requireOnly(JsonNode node, Set<String> known, String place) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!known.contains(field.getKey())) {
                throw new InvalidImagesException("In " + place + ", " + SingleLine.excerpt(field.getKey())
                        + " is not known, and the next delivery would remove it; move it to a file of your own.");
            }
        }
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
