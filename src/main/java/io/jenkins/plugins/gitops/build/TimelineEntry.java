package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Util;
import io.jenkins.plugins.gitops.common.CommitSha;
import java.util.Date;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * An action of a build in a config repository, or something that it waited for, with the last known state. Entries are
 * saved in {@code build.xml} under the names of their classes and fields. They are immutable: an entry with a later
 * state replaces the earlier one. Times are in milliseconds since the epoch.
 */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public abstract class TimelineEntry {

    private final String repository;
    private final EntryState state;
    private final long since;
    private final long ended;

    /**
     * Creates an entry.
     *
     * @param repository the name of the config repository
     * @param since when the action began
     * @param now when the state was found; the end of the action unless the state is open
     */
    TimelineEntry(String repository, EntryState state, long since, long now) {
        this.repository = repository;
        this.state = state;
        this.since = since;
        this.ended = state.isOpen() ? 0 : now;
    }

    @Exported
    public String getRepository() {
        return repository;
    }

    /** The state; pages and the remote API show its text, {@link #getState}. */
    public final EntryState state() {
        return state;
    }

    /** The text of the state. */
    @Exported
    public String getState() {
        return state.toString();
    }

    /** The time at which it began. */
    @Exported
    public long getSince() {
        return since;
    }

    /** The time at which it ended, or 0 while it has not. */
    @Exported
    public long getEnded() {
        return ended;
    }

    /** The same as {@link #getSince} as a date. */
    public Date getBeganAt() { // jelly access only
        return new Date(since);
    }

    public String getDuration() { // jelly access only
        return Util.getTimeSpanString(ended - since);
    }

    /** Whether the state is not final. */
    public boolean isOpen() { // jelly access only
        return state.isOpen();
    }

    /** The symbol that shows the state. */
    public String getSymbol() {
        return state.symbol();
    }

    /** The kind of entry and its state, in a few words. */
    public abstract String getHeadline();

    /** Whether the other entry is of the same change, promotion, rollout or dry run at another time. */
    abstract boolean isSameAs(TimelineEntry other);

    /** The first digits of a commit. */
    public String shorten(@Nullable String commit) { // jelly access only
        return commit == null ? "" : CommitSha.abbreviate(commit);
    }

    /** The page of a commit of the config repository, or null unless the repository has a {@code commitUrl}. */
    @CheckForNull
    public String link(@Nullable String commit) { // jelly access only
        return SafeLinks.configCommit(repository, commit);
    }
}
