package io.jenkins.plugins.gitops.steps.failures;

import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import java.util.List;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The rollout of a wave has failed. The message has what Argo CD says of the targets. */
@Restricted(NoExternalUse.class)
public final class RolloutFailed extends GitOpsException {

    private static final long serialVersionUID = 1L;

    /** The number of targets of which the message has more than the name. */
    private static final int MOST_DESCRIBED = 5;

    /**
     * Creates the failure.
     *
     * @param failed the targets because of which the rollout cannot be completed
     * @param how what happened to them, as the end of a sentence
     */
    public RolloutFailed(String wave, List<TargetState> failed, String how) {
        super("The rollout to " + wave + " failed: "
                + failed.stream().map(TargetState::name).collect(Collectors.joining(", ")) + " " + how + "."
                + failed.stream()
                        .limit(MOST_DESCRIBED)
                        .map(target -> " " + target.name() + " on " + target.server() + ": " + target.reason())
                        .collect(Collectors.joining())
                + (failed.size() > MOST_DESCRIBED
                        ? " And " + (failed.size() - MOST_DESCRIBED) + " more; the page of the build shows all."
                        : ""));
    }
}
