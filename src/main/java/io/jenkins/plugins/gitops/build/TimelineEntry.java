package io.jenkins.plugins.gitops.build;

import java.util.Date;

/** Something that a build did or waited for on the way to a wave. */
public interface TimelineEntry {

    /** When it began, in milliseconds. */
    long getSince();

    /** The same as a date. */
    default Date getBeganAt() { // jelly access only
        return new Date(getSince());
    }

    /** The symbol that shows how it is. */
    String getSymbol();

    /** What it is and how it is, in a few words. */
    String getHeadline();
}
