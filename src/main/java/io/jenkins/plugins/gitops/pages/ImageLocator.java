package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.RecordedImage;
import io.jenkins.plugins.gitops.build.SafeLinks;
import io.jenkins.plugins.gitops.configuration.GitOpsPermissions;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Where the images of a build are now, as the drivers saw the waves last. Nothing is fetched for it. */
@Restricted(NoExternalUse.class)
public final class ImageLocator {

    private static final Logger LOGGER = Logger.getLogger(ImageLocator.class.getName());

    private final List<Row> rows = new ArrayList<>();
    private final List<ImageLocation> places;
    private final boolean known;

    /**
     * The places of images.
     *
     * @param known whether every repository has been seen that the build delivered to
     */
    ImageLocator(DeliveryAction delivery, List<ImageLocation> places, boolean known) {
        this.places = List.copyOf(places);
        this.known = known;
        delivery.deliveredImages()
                .forEach((service, image) -> rows.add(new Row(
                        service,
                        image,
                        delivery.image(service).map(RecordedImage::getAppSha).orElse(null))));
    }

    /** Where a build's images are; only the images for users who may not see the waves. */
    static ImageLocator of(DeliveryAction delivery) {
        List<ImageLocation> places = new ArrayList<>();
        boolean known = true;
        if (Jenkins.get().hasPermission(GitOpsPermissions.VIEW)) {
            for (RepositoryDefinition repository : GitOpsWavesConfiguration.get().getRepositories()) {
                String name = Util.fixNull(repository.getName());
                Optional<RepositoryState> state = state(name);
                if (state.isPresent()) {
                    places.addAll(of(delivery, state.get()));
                } else {
                    known &= delivery.places(name).isEmpty();
                }
            }
        }
        return new ImageLocator(delivery, places, known);
    }

    private static Optional<RepositoryState> state(String repository) {
        try {
            return DriverRegistry.get().state(repository);
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.FINE, "There is no state of " + repository, e);
            return Optional.empty();
        }
    }

    /** All waves of a repository with the sets that the build wrote, or that have one of its images. */
    static List<ImageLocation> of(DeliveryAction delivery, RepositoryState state) {
        Map<String, ImageRef> images = delivery.deliveredImages();
        List<String> sets = state.waves().stream()
                .filter(wave -> delivery.places(state.repository()).contains(wave.name()) || hasOneOf(wave, images))
                .map(wave -> Objects.requireNonNullElse(WavePath.set(wave.name()), ""))
                .toList();
        return state.waves().stream()
                .filter(wave -> sets.contains(Objects.requireNonNullElse(WavePath.set(wave.name()), "")))
                .map(wave -> new ImageLocation(state.repository(), wave))
                .toList();
    }

    private static boolean hasOneOf(RepositoryState.Wave wave, Map<String, ImageRef> images) {
        return images.entrySet().stream().anyMatch(image -> {
            ImageRef there = wave.images().images().get(image.getKey());
            return there != null && there.repository().equals(image.getValue().repository());
        });
    }

    public List<Row> getRows() { // jelly access only
        return rows;
    }

    public List<ImageLocation> getPlaces() { // jelly access only
        return places;
    }

    public boolean isKnown() { // jelly access only
        return known;
    }

    /** The tag that all images have, else how many they are. */
    public String getSummary() { // jelly access only
        List<String> tags = rows.stream().map(Row::getShortTag).distinct().toList();
        return tags.size() == 1 ? tags.get(0) : Messages.DeliveryDetails_Images(rows.size());
    }

    /** The waves that have been seen to run all of the images. */
    public String getReached() { // jelly access only
        return waves(true);
    }

    /** The waves that have all of the images on main, and have not been seen to run them. */
    public String getComing() { // jelly access only
        return waves(false);
    }

    private String waves(boolean deployed) {
        return places.stream()
                .filter(place -> place.isDeployed() == deployed && rows.stream().allMatch(place::has))
                .map(ImageLocation::getWave)
                .collect(Collectors.joining(", "));
    }

    /** One image. */
    @Restricted(NoExternalUse.class)
    public static final class Row {

        private final String service;
        private final ImageRef image;

        @CheckForNull
        private final String appSha;

        Row(String service, ImageRef image, @CheckForNull String appSha) {
            this.service = service;
            this.image = image;
            this.appSha = appSha;
        }

        public String getService() { // jelly access only
            return service;
        }

        ImageRef image() {
            return image;
        }

        public String getTag() { // jelly access only
            return image.tagReference();
        }

        public String getShortTag() { // jelly access only
            return SafeLinks.shortTag(image.tag());
        }

        public String getDigest() { // jelly access only
            return image.digestReference();
        }

        public String getShortDigest() { // jelly access only
            return SafeLinks.shortDigest(image.digest());
        }

        /** Where the application's commit behind it can be seen, or null. */
        @CheckForNull
        public String getLink() { // jelly access only
            return appSha == null ? SafeLinks.appCommitOfTag(image.tag()) : SafeLinks.appCommit(appSha);
        }
    }
}
