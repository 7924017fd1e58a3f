package io.jenkins.plugins.gitops.build;

import hudson.model.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The images and changes that a build inherits from the build that it restarts or replays. They are saved in its
 * {@code build.xml}, and stand in for what it has not recorded itself.
 */
final class InheritedDelivery {

    private final int number;
    private final boolean restartedStage;
    private final List<RecordedImage> images;
    private final List<ChangeEntry> changes;

    private InheritedDelivery(OriginalBuildFinder.OriginalBuild original, DeliveryAction delivery) {
        number = original.run().getNumber();
        restartedStage = original.restartedStage();
        images = new ArrayList<>(delivery.getAvailableImages());
        changes = new ArrayList<>(delivery.availableChanges().toList());
    }

    /** Finds what a build inherits; empty if it restarts or replays no other build, or that one delivered nothing. */
    static Optional<InheritedDelivery> of(Run<?, ?> run) {
        return OriginalBuildFinder.findFor(run)
                .flatMap(original -> Optional.ofNullable(original.run().getAction(DeliveryAction.class))
                        .map(delivery -> new InheritedDelivery(original, delivery)));
    }

    /**
     * Returns the images that stand in. A build that begins in the middle has recorded the rest of the images at most; one
     * that runs everything again has them all, or is meant to deliver those of before.
     *
     * @param recorded the services of which the build has recorded an image itself
     */
    Stream<RecordedImage> images(Set<String> recorded) {
        return restartedStage || recorded.isEmpty()
                ? images.stream().filter(image -> !recorded.contains(image.getService()))
                : Stream.empty();
    }

    Stream<ChangeEntry> changes() {
        return changes.stream();
    }

    /** Names the build, as the end of a sentence: {@code #41, which this build restarts}. */
    String describe() {
        return "#" + number + ", which this build " + (restartedStage ? "restarts" : "replays");
    }
}
