package sandbox.bench;

import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The images of a wave of the benchmarks.
 *
 * @param services the number of services in the wave
 */
record BenchImages(int services) {

    static final long EPOCH = 1_700_000_000;
    static final String WAVE = "staging";
    static final String FOLDER = "images/" + WAVE;
    static final ImageSetLayout.Layout LAYOUT = ImageSetLayout.Layout.TAGS_AND_DIGESTS;

    /** The images of benchmarks that do not depend on the number of services. */
    static final BenchImages SHOP = new BenchImages(40);

    /** The images of all services in a version. */
    ImageSet all(int version) {
        var images = new TreeMap<String, ImageRef>();
        for (int service = 0; service < services; service++) {
            images.put(name(service), image(service, version));
        }
        return ImageSet.of(images);
    }

    /** The image of one service in a version; the version selects the service. */
    ImageSet one(int version) {
        int service = version % services;
        return ImageSet.of(Map.of(name(service), image(service, version)));
    }

    private static String name(int service) {
        return "service-%02d".formatted(service);
    }

    private static ImageRef image(int service, int version) {
        return new ImageRef(
                "docker.example.com/shop/" + name(service),
                "%040x".formatted(version),
                "sha256:%032x%032x".formatted(service, version));
    }

    /** The files of all services in a version, by path. */
    Map<String, String> files(int version) {
        var files = new TreeMap<String, String>();
        ImageSetLayout.write(all(version), LAYOUT)
                .forEach((name, bytes) -> files.put(FOLDER + "/" + name, new String(bytes, StandardCharsets.UTF_8)));
        return files;
    }
}
