package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.RequiredChecks;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.repo.CheckRefs;
import io.jenkins.plugins.gitops.repo.Line;
import io.jenkins.plugins.gitops.repo.QueuedCommit;
import io.jenkins.plugins.gitops.repo.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The verdicts of a line.
 *
 * @param main that of main's own tip, by its checks alone
 * @param commits those of the queued commits, oldest first
 */
record Verdicts(Verdict main, List<Verdict> commits) {

    static Verdicts of(View view, Line line, RequiredChecks required, CheckRefs checkRefs) throws IOException {
        var commits = new ArrayList<Verdict>();
        for (QueuedCommit commit : line.commits()) {
            commits.add(required.judge(statuses(view, commit.sha(), checkRefs)));
        }
        return new Verdicts(required.judge(statuses(view, line.main(), checkRefs)), List.copyOf(commits));
    }

    /**
     * Main's own verdict: by its checks; silence on a commit that was merged green, or long silence, is green.
     *
     * @param mergedGreen whether main was moved to its tip when that was green
     * @param longSilent whether nobody has reported on it for long enough
     */
    Verdict.Color mainColor(boolean mergedGreen, boolean longSilent) {
        boolean trusted = main.isSilent() && (mergedGreen || longSilent);
        boolean stillGreen = mergedGreen && !main.isRed();
        return trusted || stillGreen ? Verdict.Color.GREEN : main.color();
    }

    /** The colours of the queued commits, oldest first. */
    List<Verdict.Color> colors() {
        return commits.stream().map(Verdict::color).toList();
    }

    private static Collection<CheckStatus> statuses(View view, ObjectId commit, CheckRefs checkRefs)
            throws IOException {
        ObjectId reported = view.get(view.names().checks(commit.name()));
        return reported.equals(ObjectId.zeroId())
                ? List.of()
                : checkRefs.read(reported).statuses();
    }
}
