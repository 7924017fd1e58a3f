package jenkins.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Living. */
public class Timer {
    private static final ScheduledExecutorService SERVICE = Executors.newScheduledThreadPool(
            10, new NamingThreadFactory(new DaemonThreadFactory(), "jenkins.util.Timer"));

    private Timer() {}

    @NonNull
    public static ScheduledExecutorService get() {
        return SERVICE;
    }
}
