package io.jenkins.plugins.gitops.changes;

import java.time.Instant;

/**
 * Something that was written into the state and is no decision about a change: a hold, a release, a rejection.
 *
 * @param sha the commit on the state ref
 * @param what it says, in one line
 * @param by who did it; empty if it was a controller by itself
 * @param why the reason, or empty
 */
public record StateEvent(String sha, Instant at, String what, String by, String why) {}
