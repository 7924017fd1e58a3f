package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.build.SafeLinks;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import java.util.Date;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A wave, or one of its named sets, compared with the images of a build. */
@Restricted(NoExternalUse.class)
public final class ImageLocation {

    private final String repository;
    private final RepositoryState.WaveSnapshot wave;

    ImageLocation(String repository, RepositoryState.WaveSnapshot wave) {
        this.repository = repository;
        this.wave = wave;
    }

    public String getRepository() { // jelly access only
        return repository;
    }

    public String getWave() { // jelly access only
        return wave.path().toString();
    }

    /** Whether main has the image in this wave, with the same digest. */
    public boolean contains(ImageLocator.LocatedImage image) { // jelly access only
        ImageRef there = wave.images().images().get(image.getService());
        return there != null && there.digestReference().equals(image.getDigest());
    }

    /** The tag that main has in this wave for the service of an image; an empty string if it has none. */
    public String tagOf(ImageLocator.LocatedImage image) { // jelly access only
        ImageRef there = wave.images().images().get(image.getService());
        return there == null ? "" : SafeLinks.shortTag(there.tag());
    }

    /** Since when the wave runs the set that main has, or null if it was not seen to. */
    @CheckForNull
    public Date getSince() { // jelly access only
        return deployed().map(set -> Date.from(set.since())).orElse(null);
    }

    private Optional<DeployedSet> deployed() {
        return wave.warnings().problem().isEmpty()
                ? wave.deployed()
                        .filter(set -> set.identity().equals(wave.images().identity()))
                : Optional.empty();
    }

    /** Whether the wave has no targets, and therefore counts as running the set that main has. */
    public boolean isWithoutTargets() { // jelly access only
        return wave.live()
                .map(RepositoryState.LiveState::rollout)
                .filter(rollout ->
                        rollout.targets().isEmpty() && rollout.deployed().isPresent())
                .isPresent();
    }

    public boolean isWithoutImages() { // jelly access only
        return wave.images().isEmpty();
    }

    /** Why the wave does not run the set that main has, a sentence, or empty. */
    public String getWaiting() { // jelly access only
        return wave.live().map(live -> live.rollout().summary()).orElse("");
    }

    /** Whether the wave runs the set that main has, and all targets are healthy. */
    public boolean isDeployed() { // jelly access only
        return (deployed().isPresent() || isWithoutTargets()) && getWaiting().isEmpty();
    }
}
