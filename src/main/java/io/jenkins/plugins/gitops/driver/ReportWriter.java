package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckReportLog;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.driver.RequestQueue.Pending;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Stores reported verdicts in the repository. A report is answered when it is stored and what follows from it has been
 * done.
 */
final class ReportWriter {

    /** The reports that are stored, or replaced by another report of the same check. */
    private final Set<Pending<RecordReport, Boolean>> stored = new HashSet<>();

    /** The reports that the batch of this turn stores. */
    private final Set<Pending<RecordReport, Boolean>> sending = new HashSet<>();

    /** The reports that were pushed, or may have been. If their commits left the queue, they had their effect. */
    private final Set<Pending<RecordReport, Boolean>> sent = new HashSet<>();

    /** Begins a turn of the round, which makes at most one batch. */
    void beginTurn() {
        sending.clear();
    }

    /** The batch of this turn has been pushed, or may have been. */
    void pushed() {
        sent.addAll(sending);
    }

    /** Answers the stored reports, since all that follows from them has been done. */
    void answer() {
        stored.forEach(request -> request.complete(true));
        forget();
    }

    /** Forgets all reports, since their requests failed. */
    void forget() {
        stored.clear();
        sent.clear();
    }

    /** Builds the batch that stores reports; empty if nothing has to be stored. */
    Optional<RefUpdateBatch> store(RoundContext context, List<Pending<RecordReport, Boolean>> reports)
            throws IOException {
        Map<List<String>, Pending<RecordReport, Boolean>> chosen = chosen(reports);
        var updated = new TreeMap<String, CheckReportLog>();
        for (Pending<RecordReport, Boolean> request : reports) {
            CheckReport report = request.request().report();
            if (stored.contains(request)) {
                continue;
            }
            if (!isAwaited(context, report.sha())) {
                request.complete(sent.contains(request));
                continue;
            }
            if (chosen.get(check(request)) != request) {
                stored.add(request);
                continue;
            }
            CheckReportLog known = updated.get(report.sha());
            if (known == null) {
                known = present(context, report.sha());
            }
            CheckReportLog now = known.with(report);
            if (now != known) {
                updated.put(report.sha(), now);
                sending.add(request);
            } else if (!updated.containsKey(report.sha())) {
                // The report is stored already, by an earlier push of this request, or a higher run has reported.
                stored.add(request);
            }
        }
        if (updated.isEmpty()) {
            return Optional.empty();
        }
        RefSnapshot refs = context.refs();
        var changes = new ArrayList<RefChange>();
        for (var entry : updated.entrySet()) {
            ObjectId written = context.services().checkRefs().write(entry.getValue(), context.committer());
            changes.add(refs.move(refs.names().checks(entry.getKey()), written));
        }
        return Optional.of(RefUpdateBatch.of(changes));
    }

    /** Of several reports of one check only one is stored: that of the highest run, and of one run the last. */
    private static Map<List<String>, Pending<RecordReport, Boolean>> chosen(
            List<Pending<RecordReport, Boolean>> reports) {
        var chosen = new HashMap<List<String>, Pending<RecordReport, Boolean>>();
        reports.forEach(request ->
                chosen.merge(check(request), request, (earlier, later) -> run(later) < run(earlier) ? earlier : later));
        return chosen;
    }

    private static List<String> check(Pending<RecordReport, Boolean> request) {
        return List.of(
                request.request().report().sha(),
                request.request().report().status().context());
    }

    private static long run(Pending<RecordReport, Boolean> request) {
        return request.request().report().status().run();
    }

    private static boolean isAwaited(RoundContext context, String sha) {
        return sha.equals(context.queue().main().name())
                || context.queue().commits().stream()
                        .anyMatch(commit -> commit.sha().name().equals(sha));
    }

    private static CheckReportLog present(RoundContext context, String sha) throws IOException {
        RefSnapshot refs = context.refs();
        ObjectId present = refs.get(refs.names().checks(sha));
        return present.equals(ObjectId.zeroId())
                ? CheckReportLog.none()
                : context.services().checkRefs().read(present);
    }
}
