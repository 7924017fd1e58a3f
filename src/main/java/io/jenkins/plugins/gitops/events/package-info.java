/**
 * What happened to changes and waves, for others: {@code TransitionReader} reads it from the commits of the state ref,
 * {@code LiveEvents} from what rounds found, and an {@code EventFeed} tells it to a listener or a receiver of webhooks,
 * one after the other, and remembers how far it has come.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.events;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
