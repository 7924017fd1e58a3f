package io.jenkins.plugins.gitops.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.AddressForm;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Parses the generic form of a report, a JSON object such as {@code {"sha": "...", "context": "ci/generated", "state":
 * "success", "run": 17, "targetUrl": "https://...", "description": "..."}}. The state is pending, success, failure or
 * error; targetUrl and description may be absent.
 */
final class StatusReportParser {

    private static final List<String> FIELDS = List.of("sha", "context", "state", "run", "targetUrl", "description");

    private StatusReportParser() {}

    static CheckReport parse(JsonNode body, Instant now) throws HttpRejection {
        for (var field : body.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw new HttpRejection(
                        400, "The body has a field that is not known; known are " + String.join(", ", FIELDS) + ".");
            }
        }
        String sha = required(body, "sha");
        if (!CommitSha.isFull(sha)) {
            throw new HttpRejection(
                    400, "The \"sha\" is not a full commit SHA; give all of its 40 hexadecimal digits.");
        }
        JsonNode run = body.path("run");
        if (!run.isIntegralNumber() || !run.canConvertToLong() || run.asLong() < 0) {
            throw new HttpRejection(400, "The \"run\" is not a number of a run, which is whole and not negative.");
        }
        String url = text(body, "targetUrl");
        if (url != null && AddressForm.webPage(url).isEmpty()) {
            throw new HttpRejection(
                    400,
                    "The \"targetUrl\" is not the address of a web page; it has to begin with https:// or "
                            + "http:// and to name no user.");
        }
        var status = new CheckStatus(
                required(body, "context"),
                state(required(body, "state")),
                Optional.ofNullable(url),
                Optional.ofNullable(text(body, "description")),
                now,
                run.asLong());
        return new CheckReport(sha, status, CheckReport.ENDPOINT);
    }

    private static CheckState state(String word) throws HttpRejection {
        try {
            return CheckState.parse(word);
        } catch (IllegalArgumentException e) {
            throw new HttpRejection(400, "The \"state\" is not one of pending, success, failure, error.");
        }
    }

    private static String required(JsonNode body, String field) throws HttpRejection {
        String text = text(body, field);
        if (text == null) {
            throw new HttpRejection(400, "The body has no \"" + field + "\".");
        }
        return text;
    }

    /** The text of a field in one line, or null if it is absent, null or blank. */
    @CheckForNull
    private static String text(JsonNode body, String field) throws HttpRejection {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new HttpRejection(400, "The \"" + field + "\" is not a text.");
        }
        try {
            SingleLine.checkLength(value.asText(), "\"" + field + "\"");
        } catch (IllegalArgumentException e) {
            throw new HttpRejection(400, e.getMessage());
        }
        String line = SingleLine.of(value.asText());
        return line.isEmpty() ? null : line;
    }
}
