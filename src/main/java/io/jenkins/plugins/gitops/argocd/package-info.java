/** What Argo CD deploys: its applications, followed on its servers, and whether they run what they should. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
