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

/** Keeps reported verdicts in the repository. Who reported is answered when what follows from it has been done. */
final class ReportWriter {

    /** Those that are kept. */
    private final Set<Pending<RecordReport, Boolean>> counted = new HashSet<>();

    /** Those that go out in the push that is made ready. */
    private final Set<Pending<RecordReport, Boolean>> sending = new HashSet<>();

    /** Those that went out, as far as is known: when their commits are gone from the line, they had their effect. */
    private final Set<Pending<RecordReport, Boolean>> sent = new HashSet<>();

    /** The next push is made ready. */
    void begin() {
        sending.clear();
    }

    /** What was made ready has been pushed, or may have been. */
    void pushed() {
        sent.addAll(sending);
    }

    /** All that follows from what is kept has been done. */
    void settle() {
        counted.forEach(request -> request.complete(true));
        forget();
    }

    void forget() {
        counted.clear();
        sent.clear();
    }

    /** What is to be pushed to keep them. */
    Optional<RefUpdateBatch> keep(RoundContext situation, List<Pending<RecordReport, Boolean>> reports) throws IOException {
        Map<List<String>, Pending<RecordReport, Boolean>> chosen = chosen(reports);
        var updated = new TreeMap<String, CheckReportLog>();
        for (Pending<RecordReport, Boolean> request : reports) {
            CheckReport report = request.request().report();
            if (counted.contains(request)) {
                continue;
            }
            if (!isAwaited(situation, report.sha())) {
                request.complete(sent.contains(request));
                continue;
            }
            if (chosen.get(check(request)) != request) {
                counted.add(request);
                continue;
            }
            CheckReportLog known = updated.get(report.sha());
            if (known == null) {
                known = present(situation, report.sha());
            }
            CheckReportLog now = known.with(report);
            if (now != known) {
                updated.put(report.sha(), now);
                sending.add(request);
            } else if (!updated.containsKey(report.sha())) {
                // Already there, by this very request after its push, or a higher run has spoken.
                counted.add(request);
            }
        }
        if (updated.isEmpty()) {
            return Optional.empty();
        }
        RefSnapshot view = situation.view();
        var changes = new ArrayList<RefChange>();
        for (var entry : updated.entrySet()) {
            ObjectId written = situation.repository().checkRefs().write(entry.getValue(), situation.committer());
            changes.add(view.move(view.names().checks(entry.getKey()), written));
        }
        return Optional.of(new RefUpdateBatch("", changes, false));
    }

    /** Of several words about one check only one is kept: that of the highest run, and of one run the last. */
    private static Map<List<String>, Pending<RecordReport, Boolean>> chosen(List<Pending<RecordReport, Boolean>> reports) {
        var chosen = new HashMap<List<String>, Pending<RecordReport, Boolean>>();
        reports.forEach(request -> chosen.merge(
                check(request),
                request,
                (earlier, later) -> later.request().report().run() < earlier.request().report().run() ? earlier : later));
        return chosen;
    }

    private static List<String> check(Pending<RecordReport, Boolean> request) {
        return List.of(request.request().report().sha(), request.request().report().context());
    }

    private static boolean isAwaited(RoundContext situation, String sha) {
        return sha.equals(situation.line().main().name())
                || situation.line().commits().stream()
                        .anyMatch(commit -> commit.sha().name().equals(sha));
    }

    private static CheckReportLog present(RoundContext situation, String sha) throws IOException {
        RefSnapshot view = situation.view();
        ObjectId present = view.get(view.names().checks(sha));
        return present.equals(ObjectId.zeroId())
                ? CheckReportLog.none()
                : situation.repository().checkRefs().read(present);
    }
}
