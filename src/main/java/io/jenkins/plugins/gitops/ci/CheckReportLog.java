package io.jenkins.plugins.gitops.ci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The check results that were reported of one commit, as they are kept in git until the commit is decided, so that
 * a restart and another controller see them. The highest run of a check wins; of one run the later word does, but what
 * came over HTTP counts only until the run has decided.
 */
public final class CheckReportLog {

    private final Map<String, Entry> byContext;

    private record Entry(CheckStatus status, String reporter) {}

    private CheckReportLog(Map<String, Entry> byContext) {
        this.byContext = byContext;
    }

    /** Nothing reported yet. */
    public static CheckReportLog none() {
        return new CheckReportLog(new TreeMap<>());
    }

    /** Reads what {@link #toJson()} wrote. */
    public static CheckReportLog parse(byte[] json) throws MalformedJsonException {
        var byContext = new TreeMap<String, Entry>();
        Json.parseStored(json).properties().forEach(entry -> {
            JsonNode said = entry.getValue();
            byContext.put(
                    entry.getKey(),
                    new Entry(
                            new CheckStatus(
                                    entry.getKey(),
                                    CheckState.parse(said.path("state").asText()),
                                    text(said, "url"),
                                    text(said, "description"),
                                    instant(said.path("at").asText()),
                                    said.path("run").asLong()),
                            said.path("reporter").asText()));
        });
        return new CheckReportLog(byContext);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new MalformedJsonException("holds \"" + text + "\" where a time belongs");
        }
    }

    @CheckForNull
    private static String text(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.path(name).asText() : null;
    }

    /** These results with one more, or these themselves if a higher run spoke already or nothing is new. */
    public CheckReportLog with(CheckReport report) {
        var known = byContext.get(report.context());
        if (known != null
                && (known.status().run() > report.run()
                        || known.status().run() == report.run()
                                && (sameWord(known, report) || isReplay(known, report)))) {
            return this;
        }
        var more = new TreeMap<>(byContext);
        more.put(report.context(), new Entry(report.status(), report.reporter()));
        return new CheckReportLog(more);
    }

    private static boolean sameWord(Entry known, CheckReport report) {
        return known.status().state() == report.state();
    }

    /** A request may be sent again by whoever recorded it, so over HTTP a run cannot take back what it has decided. */
    private static boolean isReplay(Entry known, CheckReport report) {
        return report.reporter().equals(CheckReport.ENDPOINT)
                && known.status().state().meaning() != CheckState.Meaning.UNDECIDED;
    }

    /** The latest of each check. */
    public Collection<CheckStatus> statuses() {
        return byContext.values().stream().map(Entry::status).toList();
    }

    /** The canonical form, see {@link #parse(byte[])}. */
    public String toJson() {
        ObjectNode root = Json.object();
        byContext.forEach((context, entry) -> {
            CheckStatus status = entry.status();
            ObjectNode said = root.putObject(context);
            said.put("at", status.at().toString());
            if (status.description() != null) {
                said.put("description", status.description());
            }
            said.put("reporter", entry.reporter());
            said.put("run", status.run());
            said.put("state", status.state().toString());
            if (status.url() != null) {
                said.put("url", status.url());
            }
        });
        return Json.write(root);
    }
}
