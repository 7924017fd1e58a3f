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

/** A wave, or one of its sets where they have names, and what it has of the images of a build. */
@Restricted(NoExternalUse.class)
public final class ImageLocation {

    private final String repository;
    private final RepositoryState.Wave wave;

    ImageLocation(String repository, RepositoryState.Wave wave) {
        this.repository = repository;
        this.wave = wave;
    }

    public String getRepository() { // jelly access only
        return repository;
    }

    public String getWave() { // jelly access only
        return wave.path().toString();
    }

    /** Whether main has that very image there. */
    public boolean contains(ImageLocator.LocatedImage image) { // jelly access only
        ImageRef there = wave.images().images().get(image.getService());
        return there != null && there.digestReference().equals(image.getDigest());
    }

    /** What main has there for the service of an image: its tag, or nothing. */
    public String tagOf(ImageLocator.LocatedImage image) { // jelly access only
        ImageRef there = wave.images().images().get(image.getService());
        return there == null ? "" : SafeLinks.shortTag(there.tag());
    }

    /** Since when it has been seen to run what main has there, or null. */
    @CheckForNull
    public Date getSince() { // jelly access only
        return deployed().map(set -> Date.from(set.since())).orElse(null);
    }

    private Optional<DeployedSet> deployed() {
        return wave.problem() == null
                ? wave.deployed()
                        .filter(set -> set.identity().equals(wave.images().identity()))
                : Optional.empty();
    }

    /** Whether it has no targets, so that it counts as running what main has there. */
    public boolean isWithoutTargets() { // jelly access only
        return wave.live()
                .map(RepositoryState.Live::rollout)
                .filter(rollout -> rollout.targets().isEmpty() && rollout.deployed().isPresent())
                .isPresent();
    }

    public boolean isWithoutImages() { // jelly access only
        return wave.images().isEmpty();
    }

    /** What keeps it from running what main has there, in a sentence; empty if nothing is known of that. */
    public String getWaiting() { // jelly access only
        return wave.live().map(live -> live.rollout().summary()).orElse("");
    }

    /** Whether it runs what main has there, and is well. */
    public boolean isDeployed() { // jelly access only
        return (deployed().isPresent() || isWithoutTargets()) && getWaiting().isEmpty();
    }
}
