/**
 * The pages, columns and search results that the plugin adds to Jenkins, and the actions of their buttons. No other
 * room comes in; Jenkins finds them as extensions.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
