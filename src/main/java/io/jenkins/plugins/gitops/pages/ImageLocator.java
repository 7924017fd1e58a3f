package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.RecordedImage;
import io.jenkins.plugins.gitops.build.SafeLinks;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Finds the waves that have the images of a build, by the states that the drivers read last; it fetches nothing. */
@Restricted(NoExternalUse.class)
public final class ImageLocator {

    private static final Logger LOGGER = Logger.getLogger(ImageLocator.class.getName());

    private final List<LocatedImage> images = new ArrayList<>();
    private final List<ImageLocation> locations;
    private final boolean complete;

    /**
     * Compares the images of a build with locations.
     *
     * @param complete whether the state of every repository is known to which the build delivered
     */
    ImageLocator(DeliveryAction delivery, List<ImageLocation> locations, boolean complete) {
        this.locations = List.copyOf(locations);
        this.complete = complete;
        delivery.deliveredImages()
                .forEach((service, image) -> images.add(new LocatedImage(
                        service,
                        image,
                        delivery.image(service).map(RecordedImage::getAppSha).orElse(null))));
    }

    /** Locates the images of a build; a user who may not view waves gets the images without locations. */
    static ImageLocator of(DeliveryAction delivery) {
        List<ImageLocation> locations = new ArrayList<>();
        boolean complete = true;
        for (RepositoryDefinition repository : GitOpsWavesConfiguration.get().getRepositories()) {
            if (repository.permits(RepositoryPower.READ)) {
                String name = Util.fixNull(repository.getName());
                Optional<RepositoryState> state = state(name);
                if (state.isPresent()) {
                    locations.addAll(of(delivery, state.get()));
                } else {
                    complete &= delivery.wavePaths(name).isEmpty();
                }
            }
        }
        return new ImageLocator(delivery, locations, complete);
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
        List<Optional<String>> sets = state.waves().stream()
                .filter(wave -> delivery.wavePaths(state.repository()).contains(wave.path()) || hasOneOf(wave, images))
                .map(wave -> wave.path().set())
                .toList();
        return state.waves().stream()
                .filter(wave -> sets.contains(wave.path().set()))
                .map(wave -> new ImageLocation(state.repository(), wave))
                .toList();
    }

    private static boolean hasOneOf(RepositoryState.WaveSnapshot wave, Map<String, ImageRef> images) {
        return images.entrySet().stream().anyMatch(image -> {
            ImageRef there = wave.images().images().get(image.getKey());
            return there != null && there.repository().equals(image.getValue().repository());
        });
    }

    public List<LocatedImage> getImages() { // jelly access only
        return images;
    }

    public List<ImageLocation> getLocations() { // jelly access only
        return locations;
    }

    public boolean isComplete() { // jelly access only
        return complete;
    }

    /** The tag that all images have, else how many they are. */
    public String getSummary() { // jelly access only
        List<String> tags =
                images.stream().map(LocatedImage::getShortTag).distinct().toList();
        return tags.size() == 1 ? tags.get(0) : Messages.DeliveryDetails_Images(images.size());
    }

    /** The waves that have been seen to run all of the images. */
    public String getDeployedWaves() { // jelly access only
        return waves(true);
    }

    /** The waves that have all of the images on main, and have not been seen to run them. */
    public String getPendingWaves() { // jelly access only
        return waves(false);
    }

    private String waves(boolean deployed) {
        return locations.stream()
                .filter(location ->
                        location.isDeployed() == deployed && images.stream().allMatch(location::contains))
                .map(ImageLocation::getWave)
                .collect(Collectors.joining(", "));
    }

    /** An image of the build. */
    @Restricted(NoExternalUse.class)
    public static final class LocatedImage {

        private final String service;
        private final ImageRef image;

        @CheckForNull
        private final String appSha;

        LocatedImage(String service, ImageRef image, @CheckForNull String appSha) {
            this.service = service;
            this.image = image;
            this.appSha = appSha;
        }

        public String getService() { // jelly access only
            return service;
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

        /** The page of the application's commit from which the image was built, or null. */
        @CheckForNull
        public String getLink() { // jelly access only
            return appSha == null ? SafeLinks.appCommitOfTag(image.tag()) : SafeLinks.appCommit(appSha);
        }
    }
}
