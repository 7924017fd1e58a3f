/** Image sets: what is deployed as one unit, how it is announced and how it lies in the config repository. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.images;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
