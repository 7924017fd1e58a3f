package hudson.scheduler;

import edu.umd.cs.findbugs.annotations.NonNull;
import sandbox.RealController;

public final class CronTabList {
    private CronTabList() {}

    public static CronTabList create(@NonNull String format) {
        throw RealController.needed();
    }
}
