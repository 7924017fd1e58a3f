package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Duration;

/**
 * Receives the decisions and records of a driver, for metrics; not those of drivers on other controllers. Called on the
 * driver's thread, which waits for it.
 */
public interface DriverListener {

    /** Ignores everything. */
    DriverListener NONE = new DriverListener() {
        @Override
        public void ended(DecidedChange change, Duration taken) {}

        @Override
        public void deployed(WavePath path, Duration taken) {}
    };

    /**
     * A change ended.
     *
     * @param taken since it was made
     */
    void ended(DecidedChange change, Duration taken);

    /**
     * All targets of a wave run another image set than before.
     *
     * @param taken since the change that brought the set was made
     */
    void deployed(WavePath path, Duration taken);
}
