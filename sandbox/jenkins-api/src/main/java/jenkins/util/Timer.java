package jenkins.util;

import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Implemented. */
public class Timer {
    private static final ScheduledExecutorService SERVICE = Executors.newScheduledThreadPool(
            10, new NamingThreadFactory(new DaemonThreadFactory(), "jenkins.util.Timer"));

    private Timer() {}

    public static ScheduledExecutorService get() {
        return SERVICE;
    }
}
