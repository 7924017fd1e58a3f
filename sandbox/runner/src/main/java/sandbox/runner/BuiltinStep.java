package sandbox.runner;

import hudson.AbortException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The steps of Jenkins itself that the sandbox supports; the first parameter may be passed without its name. */
enum BuiltinStep {
    CATCH_ERROR("catchError", true, "message", "buildResult", "catchInterruptions", "stageResult"),
    CHANGE_ENDED("changeEnded", false, "repo", "outcomes"),
    CHECKOUT("checkout", false, "scm", "changelog", "poll"),
    CRON("cron", false, "spec"),
    DIR("dir", true, "path"),
    DISABLE_CONCURRENT_BUILDS("disableConcurrentBuilds", false, "abortPrevious"),
    ECHO("echo", false, "message"),
    ERROR("error", false, "message"),
    IMAGES_ANNOUNCED("imagesAnnounced", false, "repo", "set"),
    INPUT("input", false, "message", "id", "ok", "submitter"),
    NODE("node", true, "label"),
    PIPELINE_TRIGGERS("pipelineTriggers", false, "triggers"),
    POLL_SCM("pollSCM", false, "scmpoll_spec", "ignorePostCommitHooks"),
    PROPERTIES("properties", false, "properties"),
    READ_FILE("readFile", false, "file", "encoding"),
    RETRY("retry", true, "count", "conditions"),
    SH("sh", false, "script", "encoding", "label", "returnStatus", "returnStdout"),
    STAGE("stage", true, "name"),
    STRING("string", false, "credentialsId", "variable"),
    TIMEOUT("timeout", true, "time", "unit"),
    UNSTABLE("unstable", false, "message"),
    USERNAME_PASSWORD("usernamePassword", false, "credentialsId", "passwordVariable", "usernameVariable"),
    WARN_ERROR("warnError", true, "message", "catchInterruptions"),
    WAVE_PROMOTION("wavePromotion", false, "from", "to", "schedule", "repo", "set"),
    WITH_CREDENTIALS("withCredentials", true, "bindings"),
    WITH_ENV("withEnv", true, "overrides"),
    WRITE_FILE("writeFile", false, "file", "encoding", "text");

    final String functionName;
    final boolean block;
    private final List<String> parameters;

    BuiltinStep(String functionName, boolean block, String... parameters) {
        this.functionName = functionName;
        this.block = block;
        this.parameters = List.of(parameters);
    }

    static Optional<BuiltinStep> byName(String name) {
        return Arrays.stream(values())
                .filter(each -> each.functionName.equals(name))
                .findFirst();
    }

    Map<String, Object> named(StepCallArguments arguments) throws AbortException {
        Map<String, Object> named = arguments.byName(parameters.get(0));
        for (String name : named.keySet()) {
            if (!parameters.contains(name)) {
                throw new AbortException(functionName + " has no parameter '" + name + "' in the sandbox; it knows "
                        + String.join(", ", parameters) + ".");
            }
        }
        if (block != (arguments.body() != null)) {
            throw new AbortException("Step " + functionName + (block ? " needs a block { … }." : " takes no block."));
        }
        return named;
    }
}
