package hudson.model;

import hudson.ExtensionPoint;
import java.io.File;
import java.io.IOException;
import java.util.Collection;
import java.util.SortedMap;
import sandbox.RealController;

/** Implemented: numbers builds and finds them by number. */
public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends AbstractItem
        implements ExtensionPoint {

    protected Job(ItemGroup parent, String name) {
        super(parent, name);
    }

    synchronized int assignBuildNumber() throws IOException {
        int next = getNextBuildNumber();
        if (!new File(getBuildDir(), Integer.toString(next)).mkdirs()) {
            throw new IOException("The folder of build " + next + " of " + getFullName() + " cannot be made");
        }
        return next;
    }

    public <T extends JobProperty> T getProperty(Class<T> clazz) {
        throw RealController.needed();
    }

    public boolean isInQueue() {
        throw RealController.needed();
    }

    public int getNextBuildNumber() {
        int last = 0;
        String[] present = getBuildDir().list((folder, name) -> name.matches("[1-9]\\d{0,8}"));
        for (String number : present == null ? new String[0] : present) {
            last = Math.max(last, Integer.parseInt(number));
        }
        return last + 1;
    }

    public abstract boolean isBuildable();

    /** The builds, newest first. */
    protected abstract SortedMap<Integer, ? extends RunT> _getRuns();

    protected abstract void removeRun(RunT run);

    public RunT getBuildByNumber(int n) {
        return _getRuns().get(n);
    }

    public File getBuildDir() {
        return new File(getRootDir(), "builds");
    }

    public RunT getLastBuild() {
        return _getRuns().isEmpty() ? null : _getRuns().get(_getRuns().firstKey());
    }

    public RunT getLastCompletedBuild() {
        return runs().stream().filter(run -> !run.isBuilding()).findFirst().orElse(null);
    }

    public RunT getLastSuccessfulBuild() {
        RunT last = getLastCompletedBuild();
        return last == null || last.getResult() == Result.SUCCESS ? last : last.getPreviousSuccessfulBuild();
    }

    private Collection<? extends RunT> runs() {
        return _getRuns().values();
    }
}
