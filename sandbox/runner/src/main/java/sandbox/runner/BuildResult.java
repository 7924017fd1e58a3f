package sandbox.runner;

import hudson.model.Result;

/**
 * How a build ended.
 *
 * @param job full name of its job
 * @param number its number
 * @param result {@code SUCCESS}, {@code UNSTABLE}, {@code FAILURE} or {@code ABORTED}
 * @param failure the sentence that the log ends with, null unless something failed
 */
public record BuildResult(String job, int number, Result result, String failure) {
    public boolean isSuccess() {
        return result == Result.SUCCESS;
    }
}
