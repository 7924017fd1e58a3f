package io.jenkins.plugins.gitops.pages;

/** Something that a build did or waited for on the way to a wave. */
public interface Delivered {

    /** When it began, in milliseconds. */
    long getSince();
}
