package io.jenkins.plugins.gitops.gates;

import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run of a verification's job.
 *
 * @param repository the name of the config repository
 * @param path what is verified
 * @param job the full name of the job
 * @param run which verification of which set, and which attempt
 */
public record VerificationTask(String repository, WavePath path, String job, VerificationResult run) {

    /** Names the run among the builds of the job. */
    public String key() {
        return repository + " " + path + " " + run.name() + " " + run.identity() + " " + run.attempt() + " " + run.at();
    }

    /** The parameters of the build. */
    public Map<String, String> parameters() {
        var parameters = new TreeMap<String, String>();
        parameters.put("GITOPS_REPO", repository);
        parameters.put("GITOPS_WAVE", path.wave());
        parameters.put("GITOPS_SET", path.set().orElse(""));
        parameters.put("GITOPS_REVISION", run.sha());
        parameters.put("GITOPS_IDENTITY", run.identity());
        return parameters;
    }
}
