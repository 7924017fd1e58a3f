/**
 * The HTTP endpoints below {@code /gitops-waves/}: authentication, parsing, and the hand-over to triggers and drivers.
 * No other room comes in; Jenkins finds {@code WebhookRootAction}, and the sandbox serves {@code EndpointRouter}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
