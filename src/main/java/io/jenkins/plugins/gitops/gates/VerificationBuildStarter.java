package io.jenkins.plugins.gitops.gates;

import hudson.model.Result;
import io.jenkins.plugins.gitops.common.RequestRefused;
import java.util.Optional;

/** Starts the builds that verify, and finds them again. */
public interface VerificationBuildStarter {

    /**
     * The state of a build.
     *
     * @param ended its result, once it has ended
     * @param result in words
     * @param url of its page; empty if it is not known
     */
    record BuildState(Optional<Result> ended, String result, String url) {}

    /** Why no build can be started now, in a sentence for people. */
    Optional<String> obstacle(VerificationTask task);

    /**
     * Starts a build.
     *
     * @throws RequestRefused with a sentence, if none can be started
     */
    void start(VerificationTask task) throws RequestRefused;

    /** The state of the build of a run; empty if there is none, not even in the queue. */
    Optional<BuildState> find(VerificationTask task);

    /** Aborts the build of a run, which takes too long. */
    void abort(VerificationTask task);
}
