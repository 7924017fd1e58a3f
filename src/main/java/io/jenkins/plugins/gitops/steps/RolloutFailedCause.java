package io.jenkins.plugins.gitops.steps;

import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.CauseOfInterruption;

/** The failure of a build whose rollout failed, with the failed targets and what Argo CD reports of them. */
final class RolloutFailedCause extends CauseOfInterruption {

    private static final long serialVersionUID = 1L;

    private final String sentence;
    private final ArrayList<String> details = new ArrayList<>();

    RolloutFailedCause(String wave, List<TargetState> failed, String how) {
        sentence = SingleLine.whole("The rollout to " + wave + " failed: "
                + String.join(", ", failed.stream().map(TargetState::name).toList()) + " " + how + ".");
        failed.forEach(target ->
                details.add(SingleLine.whole(target.name() + " on " + target.server() + ": " + target.reason())));
    }

    @Override
    public String getShortDescription() {
        return sentence;
    }

    @Override
    public void print(TaskListener listener) {
        listener.getLogger().println(sentence);
        details.forEach(detail -> listener.getLogger().println("  " + detail));
    }
}
