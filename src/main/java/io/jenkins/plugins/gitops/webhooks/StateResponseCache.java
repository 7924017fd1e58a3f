package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.delivery.HookHealth;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.HistoryJson;
import io.jenkins.plugins.gitops.explain.StateJson;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The texts of one repository's state, written once for each state however many pages ask for it. */
@Restricted(NoExternalUse.class)
public final class StateResponseCache {

    private static final String PAST = "past=";

    @CheckForNull
    private RepositoryState state;

    private List<Object> beside = List.of();
    private final HistoryJson past = new HistoryJson();
    private Text present = new Text("", "");
    private Text whole = new Text("", "");

    /** A text and what names it. */
    private record Text(String body, String etag) {}

    /**
     * Answers with a state: without the history for who has that, and without anything for who has all of it.
     *
     * @param trouble why the repository cannot be driven now, or null
     * @param links templates of addresses of commits, by what they lead to
     */
    public WebResponse answer(
            RepositoryState now,
            @Nullable String trouble,
            List<HookHealth> hooks,
            Map<String, String> links,
            WebRequest request) {
        Text text = text(now, trouble, hooks, links, past(request));
        Map<String, String> headers = Map.of("ETag", text.etag(), "Cache-Control", "private, no-cache");
        boolean has = names(request.header("If-None-Match"), text.etag());
        return new WebResponse(has ? 304 : 200, "application/json;charset=utf-8", has ? "" : text.body(), headers);
    }

    private synchronized Text text(
            RepositoryState now,
            @Nullable String trouble,
            List<HookHealth> hooks,
            Map<String, String> links,
            String has) {
        RepositoryState before = state;
        List<Object> besideNow = List.of(Objects.requireNonNullElse(trouble, ""), hooks, links);
        if (before != now || !beside.equals(besideNow)) {
            String history = past.of(now);
            String body = StateJson.present(now, trouble, hooks, links, past.tag());
            if (!body.equals(present.body())) {
                // It names the history that belongs to it.
                String tag = StateJson.tag(body);
                present = new Text(body, "\"" + tag + "\"");
                whole = new Text(StateJson.join(body, history), "\"" + tag + "-all\"");
            }
            state = now;
            beside = besideNow;
        }
        return has.equals(past.tag()) ? present : whole;
    }

    /** The tag of the history that whoever asks has. */
    private static String past(WebRequest request) {
        String query = request.query();
        return query != null && query.startsWith(PAST) ? query.substring(PAST.length()) : "";
    }

    /** Whether a list of entity tags has one, which a proxy may have made weak. */
    private static boolean names(@Nullable String tags, String tag) {
        return tags != null
                && Arrays.stream(tags.split(","))
                        .map(each -> each.strip().replaceFirst("^W/", ""))
                        .anyMatch(each -> each.equals(tag) || each.equals("*"));
    }
}
