package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Util;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import java.util.Objects;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What one CI context last said of a change, kept in plain texts in {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DeliveredCheck {

    private final String context;
    private final String state;

    @CheckForNull
    private final String url;

    @CheckForNull
    private final String description;

    private final long began;
    private final long at;

    /**
     * A check as it is now.
     *
     * @param before as it was when it was seen last on the same commit, or null
     */
    DeliveredCheck(CheckStatus status, @Nullable DeliveredCheck before) {
        this.context = status.context();
        this.state = status.state().toString();
        this.url = SafeLinks.webUrl(status.url());
        this.description = status.description();
        this.at = status.at().toEpochMilli();
        boolean goesOn = before != null && (before.isPending() || before.state.equals(state));
        if (goesOn) {
            this.began = before.began;
        } else {
            this.began = isPending() ? at : 0;
        }
    }

    @Exported
    public String getContext() {
        return context;
    }

    @Exported
    public String getState() {
        return state;
    }

    @CheckForNull
    @Exported
    public String getUrl() {
        return url;
    }

    @CheckForNull
    @Exported
    public String getDescription() {
        return description;
    }

    /** When it was first seen pending, in milliseconds, or 0 if it was never seen so. */
    @Exported
    public long getBegan() {
        return began;
    }

    /** When it said what it says now, in milliseconds, or 0 in what was saved before that was kept. */
    @Exported
    public long getAt() {
        return at;
    }

    /** How long it took, or nothing while that is not known. */
    @CheckForNull
    public String getDuration() { // jelly access only
        return isPending() || began == 0 ? null : Util.getTimeSpanString(Math.max(0, at - began));
    }

    private boolean isPending() {
        return state.equals(CheckState.PENDING.toString());
    }

    public String getSymbol() { // jelly access only
        if (isPassed()) {
            return StatusSymbols.DONE;
        }
        return isFailed() ? StatusSymbols.FAILED : StatusSymbols.WAITING;
    }

    private boolean isFailed() {
        return state.equals("failure") || state.equals("error") || state.equals("timed_out");
    }

    private boolean isPassed() {
        return state.equals("success");
    }

    /** Whether people would see the same; forges say at other times that nothing has changed. */
    @Override
    public boolean equals(Object other) {
        return other instanceof DeliveredCheck that
                && context.equals(that.context)
                && state.equals(that.state)
                && Objects.equals(url, that.url)
                && Objects.equals(description, that.description);
    }

    @Override
    public int hashCode() {
        return Objects.hash(context, state, url, description);
    }
}
