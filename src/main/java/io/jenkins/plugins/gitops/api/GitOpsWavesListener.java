package io.jenkins.plugins.gitops.api;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.events.WaveEvent;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Is told what happens to the changes and waves of all config repositories, whichever controller decides. Each event is
 * told once on each controller, those of one repository one after the other, on a thread that may block; how far the
 * controller has come is kept across restarts. If it dies while a listener is being told, that is told again.
 */
public abstract class GitOpsWavesListener implements ExtensionPoint {

    private static final Logger LOGGER = Logger.getLogger(GitOpsWavesListener.class.getName());

    /** Something happened. */
    public abstract void onEvent(WaveEvent event);

    /** Calls all listeners. The failure of one is logged; the others are called all the same. */
    public static void tellAll(WaveEvent event) {
        for (GitOpsWavesListener listener : ExtensionList.lookup(GitOpsWavesListener.class)) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException | LinkageError e) {
                LOGGER.log(Level.WARNING, listener.getClass().getName() + " fails on " + event.sentence(), e);
            }
        }
    }
}
