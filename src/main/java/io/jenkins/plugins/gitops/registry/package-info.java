/** What image registries say of a tag or digest, asked by the distribution protocol. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.registry;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
