package io.jenkins.plugins.gitops.build;

import hudson.model.Fingerprint;
import hudson.model.Job;
import hudson.model.Run;
import hudson.tasks.Fingerprinter.FingerprintAction;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import io.jenkins.plugins.gitops.images.ImageRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Finds builds by the digests of their images with Jenkins' fingerprints. These are keyed by 32 hexadecimal digits, so
 * that the key of an image is the first 32 digits of its digest, as in the plugin docker-commons; the whole digest is
 * compared with the images that the build has recorded.
 */
@Restricted(NoExternalUse.class)
public final class ImageFingerprints {

    private static final Pattern DIGEST = Pattern.compile("(?:.*@)?(?:sha256:|sha512:)?([0-9a-f]{64}|[0-9a-f]{128})");
    private static final int KEY_DIGITS = 32;
    private static final int MOST_BUILDS = 10;

    private ImageFingerprints() {}

    /** Adds a fingerprint of each image to the build. */
    public static void add(Run<?, ?> run, List<RecordedImage> images) throws IOException {
        Map<String, String> keys = new TreeMap<>();
        for (RecordedImage image : images) {
            ImageRef recorded = image.toImage();
            String key = key(hex(recorded.digest()));
            Jenkins.get()
                    .getFingerprintMap()
                    .getOrCreate(run, recorded.repository(), key)
                    .addFor(run);
            keys.put(recorded.tagReference(), key);
        }
        FingerprintAction present = run.getAction(FingerprintAction.class);
        if (present == null) {
            run.addAction(new FingerprintAction(run, keys));
        } else {
            present.add(keys);
        }
        run.save();
    }

    /**
     * Finds the newest builds that recorded an image, among those that the user may see.
     *
     * @param query a digest, a reference with a digest, or the hexadecimal digits; anything else finds nothing
     */
    public static List<Run<?, ?>> builds(String query) throws IOException {
        Matcher digest = DIGEST.matcher(query.strip());
        List<Run<?, ?>> found = new ArrayList<>();
        Fingerprint fingerprint = digest.matches() ? Jenkins.get()._getFingerprint(key(digest.group(1))) : null;
        if (fingerprint == null) {
            return found;
        }
        for (String name : fingerprint.getJobs()) {
            Job<?, ?> job = VisibleItems.find(name, Job.class).orElse(null);
            if (job == null) {
                continue;
            }
            for (int number : fingerprint.getRangeSet(name).listNumbersReverse()) {
                Run<?, ?> run = job.getBuildByNumber(number);
                if (run != null && has(run, digest.group(1)) && found.size() < MOST_BUILDS) {
                    found.add(run);
                }
            }
        }
        return found;
    }

    private static boolean has(Run<?, ?> run, String hex) {
        DeliveryAction delivery = run.getAction(DeliveryAction.class);
        return delivery != null
                && delivery.getImages().stream()
                        .anyMatch(image -> hex(image.toImage().digest()).equals(hex));
    }

    private static String hex(String digest) {
        return digest.substring(digest.indexOf(':') + 1);
    }

    private static String key(String hex) {
        return hex.substring(0, KEY_DIGITS);
    }
}
