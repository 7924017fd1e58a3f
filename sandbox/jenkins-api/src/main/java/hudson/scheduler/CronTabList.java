package hudson.scheduler;

import sandbox.RealController;

public final class CronTabList {
    private CronTabList() {}

    public static CronTabList create(String format) {
        throw RealController.needed();
    }
}
