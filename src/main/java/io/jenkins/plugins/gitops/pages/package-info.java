/** What people see on Jenkins' own pages, and what is kept for that with builds. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
