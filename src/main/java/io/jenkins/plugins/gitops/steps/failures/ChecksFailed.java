package io.jenkins.plugins.gitops.steps.failures;

import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A change was evicted because required checks failed. The message has what they say, and where. */
@Restricted(NoExternalUse.class)
public final class ChecksFailed extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public ChecksFailed(String repository, ChangeStatus evicted) {
        super("Change " + evicted.id() + " was evicted from " + repository + " because "
                + (evicted.failedChecks().size() == 1 ? "a required check" : "required checks") + " failed: "
                + evicted.checks().stream()
                        .filter(CheckStatus::isFailed)
                        .map(ChecksFailed::describe)
                        .collect(Collectors.joining("; ")));
    }

    private static String describe(CheckStatus check) {
        return check.context() + ": " + check.state()
                + check.description().map(text -> ", " + text).orElse("")
                + check.url().map(url -> " " + url).orElse("");
    }
}
