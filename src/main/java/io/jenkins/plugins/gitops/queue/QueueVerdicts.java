package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.CheckRefs;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.RequiredCheckPolicy;
import io.jenkins.plugins.gitops.ci.SourceResponse;
import io.jenkins.plugins.gitops.ci.StatusLookup;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The verdicts of a queue.
 *
 * @param main the verdict of the tip of main, by its checks only
 * @param commits the verdicts of the queued commits, oldest first
 */
public record QueueVerdicts(Verdict main, List<Verdict> commits) {

    /**
     * Judges the commits of a queue.
     *
     * @param watched the known results of the sources other than the repository itself, by the names of the sources
     */
    public static QueueVerdicts of(
            RefSnapshot refs,
            CommitQueue queue,
            RequiredCheckPolicy required,
            CheckRefs checkRefs,
            Map<String, StatusLookup> watched)
            throws IOException {
        var sources = new HashMap<>(watched);
        sources.put(RequiredCheck.REPORTED, sha -> reported(refs, sha, checkRefs));
        var commits = new ArrayList<Verdict>();
        for (QueuedCommit commit : queue.commits()) {
            commits.add(required.judge(heard(commit.sha(), sources)));
        }
        return new QueueVerdicts(required.judge(heard(queue.main(), sources)), List.copyOf(commits));
    }

    private static Map<String, SourceResponse> heard(ObjectId commit, Map<String, StatusLookup> sources)
            throws IOException {
        var heard = new HashMap<String, SourceResponse>();
        for (var source : sources.entrySet()) {
            heard.put(source.getKey(), source.getValue().of(commit.name()));
        }
        return heard;
    }

    /**
     * The verdict of the tip of main. Without any report it counts as green if it was merged as green, or if the
     * configured time without reports has passed; not before all sources have answered.
     *
     * @param mergedGreen whether main was moved to its tip when that was green
     * @param longSilent whether the configured time without reports has passed
     */
    public Verdict.Color mainColor(boolean mergedGreen, boolean longSilent) {
        boolean trusted = main.isSilent() && (mergedGreen || longSilent);
        boolean stillGreen =
                mergedGreen && !main.isRed() && main.sourceProblems().isEmpty();
        return trusted || stillGreen ? Verdict.Color.GREEN : main.color();
    }

    /** The colours of the queued commits, oldest first. */
    public List<Verdict.Color> colors() {
        return commits.stream().map(Verdict::color).toList();
    }

    private static SourceResponse reported(RefSnapshot refs, String sha, CheckRefs checkRefs) throws IOException {
        ObjectId reported = refs.get(refs.names().checks(sha));
        return SourceResponse.of(
                reported.equals(ObjectId.zeroId())
                        ? List.of()
                        : checkRefs.read(reported).results());
    }

    /** The commits to watch: those whose verdict may change the decision, and those whose results have to be kept. */
    public List<CheckWatch.WatchedCommit> wanted(RefSnapshot refs, CommitQueue queue) {
        var branches = new HashMap<ObjectId, Set<String>>();
        for (int slot = 1; slot <= RefNames.SLOTS; slot++) {
            String ref = refs.names().slot(slot);
            branches.computeIfAbsent(refs.get(ref), commit -> new HashSet<>()).add(RefNames.branch(ref));
        }
        branches.putIfAbsent(queue.auto(), Set.of());
        var wanted = new ArrayList<CheckWatch.WatchedCommit>();
        for (int i = 0; i < commits.size(); i++) {
            ObjectId commit = queue.commits().get(i).sha();
            var on = new HashSet<>(branches.getOrDefault(commit, Set.of()));
            on.add(refs.names().autoBranch());
            wanted.add(new CheckWatch.WatchedCommit(
                    commit.name(),
                    on,
                    branches.containsKey(commit),
                    !commits.get(i).isGreen()));
        }
        if (colors().contains(Verdict.Color.RED)) {
            // The verdict of main decides whether a red commit on it is evicted.
            wanted.add(new CheckWatch.WatchedCommit(
                    queue.main().name(),
                    Set.of(refs.names().mainBranch(), refs.names().autoBranch()),
                    true,
                    !main.isGreen()));
        }
        return wanted;
    }
}
