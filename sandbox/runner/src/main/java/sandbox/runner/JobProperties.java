package sandbox.runner;

import java.util.Collection;

/** What {@code properties} says of a job, as far as it concerns the sandbox. */
final class JobProperties {
    private JobProperties() {}

    /** Whether the properties have {@code disableConcurrentBuilds()}. */
    static boolean disablesConcurrentBuilds(Object properties) {
        return properties instanceof Collection<?> all
                && all.contains(BuiltinStep.DISABLE_CONCURRENT_BUILDS.functionName);
    }
}
