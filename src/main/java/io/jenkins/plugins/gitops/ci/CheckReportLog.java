package io.jenkins.plugins.gitops.ci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.AddressForm;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The reported check statuses of one commit, in the form in which git stores them until the commit is decided, so that
 * they survive a restart and other controllers see them. Fields that a controller of another version has written about a
 * check stay as long as its status does. The highest run of a check wins; of one run the later report
 * wins, but a report over HTTP cannot change the final state of a run.
 */
public final class CheckReportLog {

    /** With so many checks the file is still far from the size that is not read back. */
    private static final int MOST = 1000;

    private static final List<String> FIELDS =
            List.of("at", "broken", "description", "reporter", "run", "state", "url");

    private final Map<String, ReportedStatus> byContext;

    /**
     * The newest status of a check.
     *
     * @param brokenRuns how many runs of the check have broken down until then
     * @param others the fields of its JSON that this version does not know
     */
    private record ReportedStatus(CheckStatus status, String reporter, int brokenRuns, ObjectNode others) {}

    private CheckReportLog(Map<String, ReportedStatus> byContext) {
        this.byContext = byContext;
    }

    /** Returns a log without reports. */
    public static CheckReportLog none() {
        return new CheckReportLog(new TreeMap<>());
    }

    /** Reads what {@link #toJson()} wrote; texts that are longer than in reports are cut. */
    public static CheckReportLog parse(byte[] json) throws MalformedJsonException {
        var byContext = new TreeMap<String, ReportedStatus>();
        JsonNode reports = Json.parseStored(json);
        if (!reports.isObject()) {
            throw new MalformedJsonException("is not a JSON object");
        }
        reports.properties().forEach(entry -> {
            JsonNode said = entry.getValue();
            if (entry.getKey().length() > SingleLine.MAX_LENGTH) {
                return;
            }
            byContext.put(
                    entry.getKey(),
                    new ReportedStatus(
                            new CheckStatus(
                                    entry.getKey(),
                                    state(said.path("state").asText()),
                                    text(said, "url").flatMap(AddressForm::webPage),
                                    text(said, "description").map(SingleLine::of),
                                    instant(said.path("at").asText()),
                                    said.path("run").asLong()),
                            SingleLine.of(said.path("reporter").asText()),
                            said.path("broken").asInt(),
                            others(said)));
        });
        return new CheckReportLog(byContext);
    }

    private static ObjectNode others(JsonNode said) {
        ObjectNode others = said instanceof ObjectNode object ? object.deepCopy() : Json.object();
        return others.remove(FIELDS);
    }

    private static Optional<String> text(JsonNode said, String name) {
        return said.path(name).isTextual() ? Optional.of(said.path(name).asText()) : Optional.empty();
    }

    private static CheckState state(String text) {
        try {
            return CheckState.parse(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedJsonException("has \"" + text + "\" where the state of a check belongs");
        }
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new MalformedJsonException("holds \"" + text + "\" where a time belongs");
        }
    }

    /** Returns this log with a report added; this log itself if a higher run has reported or the status is the same. */
    public CheckReportLog with(CheckReport report) {
        CheckStatus status = report.status();
        var known = byContext.get(status.context());
        if (known != null
                && (known.status().run() > status.run()
                        || known.status().run() == status.run()
                                && (known.status().state() == status.state() || isReplay(known, report)))) {
            return this;
        }
        var more = new TreeMap<>(byContext);
        if (more.size() >= MOST) {
            // Written by another program: no repository requires so many checks.
            more.clear();
        }
        int before = known == null ? 0 : known.brokenRuns();
        boolean counted =
                known != null && known.status().isBroken() && known.status().run() == status.run();
        more.put(
                status.context(),
                new ReportedStatus(
                        status, report.reporter(), status.isBroken() && !counted ? before + 1 : before, Json.object()));
        return new CheckReportLog(more);
    }

    /**
     * A recorded HTTP request may be sent again, so that a report over HTTP must not change the final state of a run.
     */
    private static boolean isReplay(ReportedStatus known, CheckReport report) {
        return report.reporter().equals(CheckReport.ENDPOINT)
                && known.status().state().meaning() != CheckState.Meaning.UNDECIDED;
    }

    /** Returns the newest result of each check. */
    public List<CheckResult> results() {
        return byContext.values().stream()
                .map(entry -> new CheckResult(entry.status(), CheckResult.NO_APP).broken(entry.brokenRuns()))
                .toList();
    }

    /** Returns the build or endpoint that reported this very status; empty if it is from elsewhere. */
    public Optional<String> reporterOf(CheckStatus status) {
        return Optional.ofNullable(byContext.get(status.context()))
                .filter(reported -> reported.status().equals(status))
                .map(reported -> reported.reporter().equals(CheckReport.ENDPOINT)
                        ? "HTTP, run " + status.run()
                        : reported.reporter() + " #" + status.run());
    }

    /**
     * Returns canonical JSON, see {@link #parse(byte[])}; without the fields of other versions if these leave no room for
     * those of this one.
     */
    public String toJson() {
        String json = toJson(true);
        try {
            Json.checkStorable(json.getBytes(StandardCharsets.UTF_8).length);
            return json;
        } catch (MalformedJsonException e) {
            return toJson(false);
        }
    }

    private String toJson(boolean withOthers) {
        ObjectNode root = Json.object();
        byContext.forEach((context, entry) -> {
            CheckStatus status = entry.status();
            ObjectNode said = root.putObject(context);
            if (withOthers) {
                said.setAll(entry.others());
            }
            said.put("at", status.at().toString());
            if (entry.brokenRuns() > 0) {
                said.put("broken", entry.brokenRuns());
            }
            status.description().ifPresent(description -> said.put("description", description));
            said.put("reporter", entry.reporter());
            said.put("run", status.run());
            said.put("state", status.state().toString());
            status.url().ifPresent(url -> said.put("url", url));
        });
        return Json.write(root);
    }
}
