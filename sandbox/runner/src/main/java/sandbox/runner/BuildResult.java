package sandbox.runner;

import hudson.model.Result;

/**
 * How a build ended.
 *
 * @param job full name of its job
 * @param number its number
 * @param result {@code SUCCESS}, {@code UNSTABLE}, {@code FAILURE} or {@code ABORTED}
 * @param failure the error message at the end of the log, or null
 */
public record BuildResult(String job, int number, Result result, String failure) {
    public boolean isSuccess() {
        return result == Result.SUCCESS;
    }
}
