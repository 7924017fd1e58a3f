package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.ControllerFacts;
import io.jenkins.plugins.gitops.explain.HistoryJson;
import io.jenkins.plugins.gitops.explain.StateJson;
import java.util.Arrays;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Keeps the JSON of a repository's state, so that it is written once for each state however many pages ask for it. */
@Restricted(NoExternalUse.class)
public final class StateResponseCache {

    private static final String PAST = "past=";

    @CheckForNull
    private RepositoryState state;

    @CheckForNull
    private ControllerFacts facts;

    private final HistoryJson past = new HistoryJson();
    private TaggedBody withoutHistory = new TaggedBody("", "");
    private TaggedBody withHistory = new TaggedBody("", "");

    /** The body of a response with its entity tag. */
    private record TaggedBody(String body, String etag) {}

    /**
     * Answers with a state: without the history if the requester has that, and with 304 if the requester has all of it.
     *
     * @param facts what the controller knows besides
     */
    public WebResponse answer(RepositoryState now, ControllerFacts facts, WebRequest request) {
        TaggedBody tagged = taggedBody(now, facts, knownHistory(request));
        Map<String, String> headers = Map.of("ETag", tagged.etag(), "Cache-Control", "private, no-cache");
        boolean unchanged = hasTag(request.header("If-None-Match"), tagged.etag());
        String body = unchanged ? "" : tagged.body();
        return new WebResponse(unchanged ? 304 : 200, "application/json;charset=utf-8", body, headers);
    }

    private synchronized TaggedBody taggedBody(RepositoryState now, ControllerFacts factsNow, String knownHistory) {
        if (state != now || !factsNow.equals(facts)) {
            String history = past.of(now);
            String body = StateJson.present(now, factsNow, past.tag());
            if (!body.equals(withoutHistory.body())) {
                // The body contains the tag of the history that belongs to it.
                String tag = StateJson.tag(body);
                withoutHistory = new TaggedBody(body, "\"" + tag + "\"");
                withHistory = new TaggedBody(StateJson.join(body, history), "\"" + tag + "-all\"");
            }
            state = now;
            facts = factsNow;
        }
        return knownHistory.equals(past.tag()) ? withoutHistory : withHistory;
    }

    /** The tag of the history that the requester has, or an empty string. */
    private static String knownHistory(WebRequest request) {
        String query = request.query();
        return query != null && query.startsWith(PAST) ? query.substring(PAST.length()) : "";
    }

    /** Whether a list of entity tags contains one, which a proxy may have made weak. */
    private static boolean hasTag(@Nullable String tags, String tag) {
        return tags != null
                && Arrays.stream(tags.split(","))
                        .map(each -> each.strip().replaceFirst("^W/", ""))
                        .anyMatch(each -> each.equals(tag) || each.equals("*"));
    }
}
