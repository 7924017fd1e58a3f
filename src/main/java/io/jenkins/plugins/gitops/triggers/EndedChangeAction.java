package io.jenkins.plugins.gitops.triggers;

import hudson.EnvVars;
import hudson.model.Action;
import hudson.model.EnvironmentContributingAction;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.Run;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.events.WaveEvent;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What a build is told of the change whose end triggered it, in its environment: a subject and a reason are words of
 * other people, which no shell is to see as a part of its script.
 */
@Restricted(NoExternalUse.class)
public final class EndedChangeAction extends InvisibleAction
        implements EnvironmentContributingAction, Queue.QueueAction {

    private final Map<String, String> variables = new TreeMap<>();

    EndedChangeAction(WaveEvent ended) {
        variables.put("GITOPS_REPO", ended.repository());
        variables.put("GITOPS_OUTCOME", ended.type().toString());
        variables.put("GITOPS_WAVE", ended.path().map(WavePath::wave).orElse(""));
        variables.put("GITOPS_SET", ended.path().flatMap(WavePath::set).orElse(""));
        variables.put("GITOPS_CHANGE", ended.fact("change").orElse(""));
        variables.put("GITOPS_SUBJECT", SingleLine.of(ended.fact("subject").orElse("")));
        variables.put("GITOPS_REASON", SingleLine.of(ended.fact("reason").orElse("")));
        variables.put("GITOPS_REVISION", ended.fact("sha").orElse(""));
        variables.put("GITOPS_APP_SHA", ended.fact("appSha").orElse(""));
        variables.put("GITOPS_BUILD_URL", ended.fact("build").orElse(""));
    }

    /** Each end of a change starts a build of its own. */
    @Override
    public boolean shouldSchedule(List<Action> queued) {
        return queued.stream()
                .noneMatch(other -> other instanceof EndedChangeAction ended && ended.variables.equals(variables));
    }

    @Override
    public void buildEnvironment(Run<?, ?> run, EnvVars environment) {
        variables.forEach(environment::put);
    }
}
