package io.jenkins.plugins.gitops.images;

import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds the image of a service in a file in which a build tool says what it pushed. */
public final class MetadataFile {

    /** Some tools of Windows begin files with it. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String file;
    private final MetadataContent content;

    private MetadataFile(String file, MetadataContent content) {
        this.file = file;
        this.content = content;
    }

    /**
     * Adds the digest of the file to an image, and the repository and the tag where the image has none.
     *
     * @param file the name of the file, for error messages
     * @param text the content of the file
     * @return whether BuildKit says that the digest is that of an index
     * @throws InvalidImagesException if the file has no digest that a registry can have, is of another image, or
     *     contradicts the image
     */
    public static boolean addTo(KnownImage image, String file, String text) {
        String unmarked = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        MetadataContent content;
        try {
            content = MetadataText.isText(unmarked) ? MetadataText.read(unmarked) : MetadataJson.read(unmarked);
        } catch (MalformedJsonException e) {
            throw new InvalidImagesException("The metadata file " + file + " " + e.getMessage() + ".");
        }
        return new MetadataFile(file, content).addTo(image);
    }

    private boolean addTo(KnownImage image) {
        List<DescribedImage> found = find(image);
        DescribedImage first = found.get(0);
        if (first.digest().isEmpty()) {
            throw refusal(content.withoutDigest());
        }
        String digest = first.otherDigests().contains(String.valueOf(image.digest())) ? image.digest() : first.digest();
        if (image.digest() == null) {
            image.setOtherDigests(first.otherDigests());
        }
        image.addDigest(field(), digest);
        List<String> names =
                found.stream().flatMap(described -> described.names().stream()).toList();
        if (!names.isEmpty()) {
            addNames(image, names);
        }
        return first.isIndex();
    }

    private void addNames(KnownImage image, List<String> names) {
        if (image.repository() == null) {
            List<String> repositories =
                    names.stream().map(DescribedImage::repository).distinct().toList();
            if (repositories.size() > 1) {
                throw refusal(
                        "has the repositories " + joined(repositories) + "; say with image: which one is recorded");
            }
            image.addReference(field(), repositories.get(0));
        }
        String repository = image.repository();
        List<String> fitting = names.stream()
                .filter(name -> ImageRepositoryName.same(DescribedImage.repository(name), repository))
                .toList();
        if (fitting.isEmpty()) {
            throw refusal("is of " + joined(names) + ", not of " + repository);
        }
        List<String> tags = fitting.stream()
                .map(DescribedImage::tag)
                .filter(tag -> !tag.isEmpty())
                .distinct()
                .toList();
        if (tags.isEmpty()) {
            image.setPushedByDigest(content.namesTags());
        } else if (image.tag() == null && tags.size() > 1) {
            throw refusal("has the tags " + joined(tags) + "; say with tag: which one is recorded");
        } else if (image.tag() == null || !tags.contains(image.tag())) {
            image.addTag(field(), tags.get(0));
        }
    }

    /**
     * The descriptions of the service's image: the only one, or among several those of the repository that is known, of
     * the target with the name of the service, with the tag that is known. All of them have the same digest.
     */
    private List<DescribedImage> find(KnownImage image) {
        if (content.images().isEmpty()) {
            throw refusal(content.withoutDigest());
        }
        String repository = image.repository();
        String tag = image.tag();
        List<DescribedImage> found = content.images();
        found = preferred(found, described -> repository != null && described.isOf(repository));
        found = preferred(found, described -> described.target().equals(image.service()));
        found = preferred(found, described -> tag != null && described.isTagged(tag));
        if (found.stream().map(DescribedImage::digest).distinct().count() != 1) {
            throw refusal("has the images "
                    + joined(content.images().stream()
                            .map(described -> described.target().isEmpty() ? described.digest() : described.target())
                            .distinct()
                            .toList())
                    + ", and it is not clear which one is " + image.service()
                    + ": call it like one, or give the image: that only one of them was pushed as");
        }
        return found;
    }

    private static List<DescribedImage> preferred(List<DescribedImage> images, Predicate<DescribedImage> condition) {
        List<DescribedImage> fitting = images.stream().filter(condition).toList();
        return fitting.isEmpty() ? images : fitting;
    }

    private static String joined(List<String> texts) {
        return SingleLine.excerpt(texts.stream().collect(Collectors.joining(", ")));
    }

    private String field() {
        return "metadataFile " + file;
    }

    private InvalidImagesException refusal(String what) {
        return new InvalidImagesException("The metadata file " + file + " " + what + ".");
    }
}
