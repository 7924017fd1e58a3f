/**
 * What all clients of other systems share: which addresses they may open and link to, and how secrets are taken out of
 * texts that come back.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.remote;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
