package io.jenkins.plugins.gitops.build;

import io.jenkins.plugins.gitops.changes.Outcome;
import java.util.Locale;

/**
 * The states of entries of the timeline. {@code build.xml} has the names of the constants, and pages and the
 * remote API show their texts, so that neither may change.
 */
public enum EntryState {
    /** The build waits: a change for its wave to open, a promotion for its conditions, a rollout for its targets. */
    WAITING(StatusSymbols.WAITING),
    /** The change is on the auto branch and not decided. */
    QUEUED(StatusSymbols.WAITING),
    /** The change was not appended to the auto branch, or the promotion was not made. */
    REFUSED(StatusSymbols.FAILED),
    /** There was nothing to change. */
    UNCHANGED(StatusSymbols.NOTED),
    /** A newer change of the same job or previous wave replaces the change. */
    SUPERSEDED(StatusSymbols.NOTED),
    /** Main contains the change. */
    MERGED(StatusSymbols.DONE),
    /** Main has the content of the change by another commit. */
    SATISFIED(StatusSymbols.DONE),
    /** The change was removed from the auto branch. */
    EVICTED(StatusSymbols.FAILED),
    /** The change disappeared from the auto branch, and no driver had removed it. */
    LOST(StatusSymbols.FAILED),
    /** The promotion's change was made. */
    PROMOTED(StatusSymbols.DONE),
    /** A dry run ended, and nothing was pushed. */
    TRIED_OUT(StatusSymbols.NOTED),
    /** The wave runs the expected image set. */
    DEPLOYED(StatusSymbols.DONE),
    /** The rollout failed, or did not end in time. */
    FAILED(StatusSymbols.FAILED);

    private final String symbol;

    EntryState(String symbol) {
        this.symbol = symbol;
    }

    /** The state of a change that ended. */
    static EntryState of(Outcome outcome) {
        return switch (outcome) {
            case MERGED -> MERGED;
            case SATISFIED -> SATISFIED;
            case SUPERSEDED -> SUPERSEDED;
            case EVICTED -> EVICTED;
            case LOST -> LOST;
        };
    }

    /** Whether the state is not final. */
    boolean isOpen() {
        return this == WAITING || this == QUEUED;
    }

    /** The symbol of Jenkins' design library that shows it. */
    String symbol() {
        return symbol;
    }

    /** The text for pages and the remote API: the name in lower case, its words separated by spaces. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
