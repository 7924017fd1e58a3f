/**
 * The code that all rooms share: the errors that users see, and helpers for JSON, files, retries, durations,
 * commit names and single lines of text. Every room may use this room, and it uses no other.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
