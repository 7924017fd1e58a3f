package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.delivery.HookHealth;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.StateJson;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The texts of one repository's state, written once for each state however many pages ask for it. */
final class StateTexts {

    @CheckForNull
    private RepositoryState state;

    private List<Object> beside = List.of();
    private String past = "";
    private String pastTag = "";
    private Text present = Text.of("");
    private Text whole = Text.of("");

    /** A text and what names it. */
    record Text(String body, String etag) {
        static Text of(String body) {
            return new Text(body, '"' + StateJson.tag(body) + '"');
        }
    }

    /** What there is to say of a state. */
    synchronized StateTexts of(
            RepositoryState now, @Nullable String trouble, List<HookHealth> hooks, Map<String, String> links) {
        RepositoryState before = state;
        List<Object> besideNow = List.of(Objects.requireNonNullElse(trouble, ""), hooks, links);
        if (before == now && beside.equals(besideNow)) {
            return this;
        }
        if (before == null || before.history() != now.history() || before.brought() != now.brought()) {
            past = StateJson.past(now);
            pastTag = StateJson.tag(past);
        }
        String body = StateJson.present(now, trouble, hooks, links, pastTag);
        if (!body.equals(present.body())) {
            present = Text.of(body);
            whole = Text.of(StateJson.join(body, past));
        }
        state = now;
        beside = besideNow;
        return this;
    }

    /** The text for somebody who has the history of that tag. */
    synchronized Text text(String has) {
        return has.equals(pastTag) ? present : whole;
    }
}
