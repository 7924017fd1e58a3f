package io.jenkins.plugins.gitops.explain;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RepositoryState.Brought;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the history of a repository as JSON, one line for each change that ended. Ended changes do not change, so that
 * their lines are cached and another decision costs one line.
 *
 * <p>Used by one thread at a time.
 */
public final class HistoryJson {

    private Map<DecidedChange, Line> lines = new IdentityHashMap<>();

    @CheckForNull
    private List<DecidedChange> history;

    @CheckForNull
    private Map<String, Brought> brought;

    private String text = "";
    private String tag = "";

    private record Line(@CheckForNull Brought brought, String text) {
        Line(@Nullable Brought brought, String text) {
            this.brought = brought;
            this.text = text;
        }
    }

    /** The member {@code history} of the state, with a newline at its end. */
    public String of(RepositoryState state) {
        if (state.history() != history || state.brought() != brought) {
            write(state);
            history = state.history();
            brought = state.brought();
        }
        return text;
    }

    /** What names the text that was written last. */
    public String tag() {
        return tag;
    }

    private void write(RepositoryState state) {
        var sentences = new StatusText(state.repository(), state.mainBranch());
        var kept = new IdentityHashMap<DecidedChange, Line>();
        var written = new StringBuilder(text.length()).append("  \"history\": [");
        var names = new StringBuilder();
        String separator = "\n    ";
        for (DecidedChange change : state.history()) {
            Brought brings = state.brought().get(change.sha());
            Line line = lines.get(change);
            if (line == null || line.brought() != brings) {
                line = new Line(
                        brings, Json.writeLine(Json.withSingleLines(StateJson.ended(change, brings, sentences))));
            }
            kept.put(change, line);
            written.append(separator).append(line.text());
            separator = ",\n    ";
            names.append(change.id())
                    .append(change.outcome())
                    .append(change.at())
                    .append(brings != null);
        }
        lines = kept;
        text = written.append(state.history().isEmpty() ? "]\n" : "\n  ]\n").toString();
        tag = StateJson.tag(names.toString());
    }
}
