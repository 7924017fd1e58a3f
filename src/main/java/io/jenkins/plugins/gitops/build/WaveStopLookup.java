package io.jenkins.plugins.gitops.build;

import hudson.ExtensionPoint;
import java.util.List;

/** Says where what a build delivered is now and was before, by what is known of the repositories. */
public interface WaveStopLookup extends ExtensionPoint {

    /** The waves on the way of what the build delivers, in their order; none if nothing is known of them. */
    List<DeliveryStop> waves(DeliveryAction delivery);
}
