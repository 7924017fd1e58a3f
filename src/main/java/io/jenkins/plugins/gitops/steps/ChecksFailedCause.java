package io.jenkins.plugins.gitops.steps;

import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.CauseOfInterruption;

/** The failure of a build whose change was evicted, with the failed checks and the URLs of their results. */
final class ChecksFailedCause extends CauseOfInterruption {

    private static final long serialVersionUID = 1L;

    private final String sentence;
    private final ArrayList<String> details = new ArrayList<>();

    ChecksFailedCause(String change, String repository, ChangeStatus status) {
        List<String> failed = status.failedChecks();
        sentence = "Change " + change + " was evicted from " + repository + " because "
                + (failed.size() == 1 ? "a required check" : "required checks") + " failed: "
                + SingleLine.whole(String.join(", ", failed));
        for (CheckStatus check : status.checks()) {
            if (failed.contains(check.context())) {
                details.add(SingleLine.whole(check.context() + ": " + check.state()
                        + check.description().map(text -> ", " + text).orElse("")
                        + check.url().map(url -> " " + url).orElse("")));
            }
        }
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
