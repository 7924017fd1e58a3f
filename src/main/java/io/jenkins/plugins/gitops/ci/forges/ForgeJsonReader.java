package io.jenkins.plugins.gitops.ci.forges;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.remote.AddressForm;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads fields of JSON of forges. Missing fields and fields of other types are tolerated. */
final class ForgeJsonReader {

    private static final int LONGEST_LINE = 300;
    private static final int LONGEST_SUBJECT = 120;
    private static final int LONGEST_NAME = 80;

    private ForgeJsonReader() {}

    /**
     * Returns the node if it is a list.
     *
     * @param what names the list in the error
     * @throws MalformedJsonException if the node is no list
     */
    static JsonNode list(JsonNode node, String what) {
        if (!node.isArray()) {
            throw new MalformedJsonException("has no list of " + what);
        }
        return node;
    }

    /** Returns a text as it is; an empty string if it is missing or no text. */
    static String word(JsonNode node, String name) {
        return text(node, name).orElse("");
    }

    /** Returns a text as it is; empty if it is missing or no text. */
    static Optional<String> text(JsonNode node, String name) {
        return node.path(name).isTextual() ? Optional.of(node.path(name).asText()) : Optional.empty();
    }

    /** Returns a text for people, on one line of at most 300 characters; empty if it is missing or blank. */
    static Optional<String> line(JsonNode node, String name) {
        return text(node, name).map(text -> SingleLine.of(text, LONGEST_LINE)).filter(line -> !line.isEmpty());
    }

    /**
     * Returns an address that pages may link to, see {@link AddressForm#webPage}; empty if it is missing or another.
     */
    static Optional<String> link(JsonNode node, String name) {
        return text(node, name).flatMap(AddressForm::webPage);
    }

    /**
     * Reads the commits of a list, each by a reader.
     *
     * @throws MalformedJsonException if it is no list, or has a commit without a full SHA
     */
    static List<CommitRange.Commit> commits(JsonNode list, Function<JsonNode, CommitRange.Commit> reader) {
        var commits = new ArrayList<CommitRange.Commit>();
        for (JsonNode each : list(list, "commits")) {
            CommitRange.Commit commit = reader.apply(each);
            if (!CommitSha.isFull(commit.sha())) {
                throw new MalformedJsonException("has a commit without a SHA");
            }
            commits.add(commit);
        }
        return commits;
    }

    /** Reads a commit in the form that GitHub and Gitea share. */
    static CommitRange.Commit commit(JsonNode json) {
        JsonNode commit = json.path("commit");
        JsonNode committer = commit.path("committer");
        return commit(
                word(json, "sha"),
                word(commit, "message"),
                word(commit.path("author"), "name"),
                time(committer.isMissingNode() ? commit.path("author") : committer, "date"));
    }

    /** Creates a commit of what a forge says, of which the first line of the message is kept. */
    static CommitRange.Commit commit(String sha, String message, String author, Instant at) {
        String subject = message.strip().lines().findFirst().orElse("");
        return new CommitRange.Commit(
                sha, SingleLine.of(subject, LONGEST_SUBJECT), SingleLine.of(author, LONGEST_NAME), at);
    }

    /** Returns the first of these times that is present; {@link Instant#EPOCH} if none is. */
    static Instant time(JsonNode node, String... names) {
        for (String name : names) {
            try {
                return OffsetDateTime.parse(word(node, name)).toInstant();
            } catch (DateTimeException e) {
                // Missing, or in another form.
            }
        }
        return Instant.EPOCH;
    }
}
