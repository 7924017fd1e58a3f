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

/** The latest result of one check of a change's commit, as {@code build.xml} keeps it. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class SavedCheck {

    private final String context;
    private final CheckState state;

    @CheckForNull
    private final String url;

    @CheckForNull
    private final String description;

    private final long began;
    private final long at;

    /**
     * A check as it is now.
     *
     * @param before the same check as it was last seen on the same commit, or null
     */
    SavedCheck(CheckStatus status, @Nullable SavedCheck before) {
        this.context = status.context();
        this.state = status.state();
        this.url = SafeLinks.webUrl(status.url().orElse(null));
        this.description = status.description().orElse(null);
        this.at = status.at().toEpochMilli();
        if (before != null && (before.isPending() || before.state == state)) {
            this.began = before.began;
        } else {
            this.began = isPending() ? at : 0;
        }
    }

    /** The name of the check. */
    @Exported
    public String getContext() {
        return context;
    }

    /** The text of the state, as GitHub writes it: {@code success}, {@code timed_out}. */
    @Exported
    public String getState() {
        return state.toString();
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

    /** The time at which it was first seen pending, in milliseconds, or 0 if it was never seen so. */
    @Exported
    public long getBegan() {
        return began;
    }

    /** The time at which its present result was reported, in milliseconds. */
    @Exported
    public long getAt() {
        return at;
    }

    /** The duration, or null while it is not known. */
    @CheckForNull
    public String getDuration() { // jelly access only
        return isPending() || began == 0 ? null : Util.getTimeSpanString(Math.max(0, at - began));
    }

    private boolean isPending() {
        return state == CheckState.PENDING;
    }

    public String getSymbol() { // jelly access only
        return switch (state) {
            case SUCCESS -> StatusSymbols.DONE;
            case FAILURE, ERROR, TIMED_OUT -> StatusSymbols.FAILED;
            default -> StatusSymbols.WAITING;
        };
    }

    /** Whether pages would show the same; forges repeat a result at other times. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SavedCheck that
                && context.equals(that.context)
                && state == that.state
                && Objects.equals(url, that.url)
                && Objects.equals(description, that.description);
    }

    @Override
    public int hashCode() {
        return Objects.hash(context, state, url, description);
    }
}
