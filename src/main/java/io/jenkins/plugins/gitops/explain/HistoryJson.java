package io.jenkins.plugins.gitops.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RepositoryState.BroughtImages;
import io.jenkins.plugins.gitops.waves.PastDeployment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the past of a repository as JSON: how changes ended, one line each, what else was written into the state, the
 * names of releases, and when waves ran them. Ended changes do not change, so that their lines are cached and another
 * decision costs one line.
 *
 * <p>Used by one thread at a time.
 */
public final class HistoryJson {

    /** The length from which on no older changes are written, since pages and controllers keep all of it in memory. */
    private static final int MAX_LENGTH = 64 << 20;

    private final int maxLength;
    private Map<DecidedChange, Line> lines = new IdentityHashMap<>();
    private List<Object> written = List.of();
    private String text = "";
    private String tag = "";

    /** A line with all that it was made of. */
    private record Line(@CheckForNull BroughtImages brought, Optional<ReleaseNames.Release> release, String text) {
        Line(@Nullable BroughtImages brought, Optional<ReleaseNames.Release> release, String text) {
            this.brought = brought;
            this.release = release;
            this.text = text;
        }
    }

    public HistoryJson() {
        this(MAX_LENGTH);
    }

    /** With another length from which on no older changes are written. */
    HistoryJson(int maxLength) {
        this.maxLength = maxLength;
    }

    /** The members {@code releases}, {@code runs}, {@code events} and {@code history}, with a newline at the end. */
    public String of(RepositoryState state) {
        List<Object> parts = parts(state);
        if (!isWritten(parts)) {
            write(state);
            written = parts;
        }
        return text;
    }

    /** The tag of the text that was written last. */
    public String tag() {
        return tag;
    }

    /** What the text is made of, as the objects that stay the same as long as they are equal. */
    private static List<Object> parts(RepositoryState state) {
        var parts = new ArrayList<Object>();
        parts.add(state.history());
        parts.add(state.brought());
        parts.add(state.events());
        for (RepositoryState.WaveSnapshot wave : state.waves()) {
            parts.add(List.of(
                    wave.path(),
                    wave.images().identity(),
                    wave.deployed(),
                    wave.state().earlier()));
        }
        return parts;
    }

    private boolean isWritten(List<Object> parts) {
        if (written.size() != parts.size()) {
            return false;
        }
        for (int part = 0; part < parts.size(); part++) {
            Object now = parts.get(part);
            Object before = written.get(part);
            // Long lists are compared by their identity, which stays while nothing has ended.
            if (now != before && (part < 3 || !now.equals(before))) {
                return false;
            }
        }
        return true;
    }

    private void write(RepositoryState state) {
        ReleaseNames releases = ReleaseNames.of(state);
        var sentences = new StatusText(state.repository(), state.mainBranch(), releases);
        var kept = new IdentityHashMap<DecidedChange, Line>();
        var all = new StringBuilder(text.length());
        all.append("  \"releases\": ")
                .append(Json.writeLine(releases(releases)))
                .append(",\n");
        all.append("  \"runs\": ").append(Json.writeLine(runs(state))).append(",\n");
        all.append("  \"events\": ").append(Json.writeLine(events(state))).append(",\n");
        var names = new StringBuilder(all);
        all.append("  \"history\": [");
        String separator = "\n    ";
        for (DecidedChange change : state.history()) {
            if (all.length() >= maxLength) {
                break;
            }
            BroughtImages brings = state.brought().get(change.sha());
            Optional<ReleaseNames.Release> release = change.trailers().flatMap(releases::of);
            Line line = lines.get(change);
            if (line == null || line.brought() != brings || !line.release().equals(release)) {
                ObjectNode ended = StateJson.ended(change, brings, sentences);
                release.ifPresent(its -> ended.put("release", its.name()));
                line = new Line(brings, release, Json.writeLine(Json.withSingleLines(ended)));
            }
            kept.put(change, line);
            all.append(separator).append(line.text());
            separator = ",\n    ";
            names.append(change.id())
                    .append(change.outcome())
                    .append(change.at())
                    .append(brings != null)
                    .append(release.map(ReleaseNames.Release::name).orElse(""));
        }
        lines = kept;
        text = all.append(state.history().isEmpty() ? "]\n" : "\n  ]\n").toString();
        tag = StateJson.tag(names.toString());
    }

    private static ObjectNode releases(ReleaseNames releases) {
        ObjectNode node = Json.object();
        releases.all().forEach((identity, release) -> StateJson.write(release, node.putObject(identity)));
        return node;
    }

    /** The times in which each set of a wave ran, the newest first; the present one has no end. */
    private static ObjectNode runs(RepositoryState state) {
        ObjectNode node = Json.object();
        for (RepositoryState.WaveSnapshot wave : state.waves()) {
            ArrayNode list = node.putArray(wave.path().toString());
            wave.deployed()
                    .ifPresent(set -> list.addObject()
                            .put("identity", set.identity())
                            .put("sha", set.sha())
                            .put("since", set.since().toString()));
            for (PastDeployment past : wave.state().earlier()) {
                list.addObject()
                        .put("identity", past.set().identity())
                        .put("sha", past.set().sha())
                        .put("since", past.set().since().toString())
                        .put("until", past.until().toString());
            }
        }
        return node;
    }

    private static JsonNode events(RepositoryState state) {
        ObjectNode root = Json.object();
        ArrayNode list = root.putArray("events");
        state.events()
                .forEach(event -> list.addObject()
                        .put("when", event.at().toString())
                        .put("what", event.what())
                        .put("by", event.by())
                        .put("why", event.why())
                        .put("sha", event.sha()));
        return Json.withSingleLines(root).get("events");
    }
}
