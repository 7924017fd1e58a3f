package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.repo.AutoBranch;
import io.jenkins.plugins.gitops.repo.CheckRefs;
import io.jenkins.plugins.gitops.repo.Evidence;
import io.jenkins.plugins.gitops.repo.StateRef;

/** What works on the driver's clone of a repository, and is made anew with it. */
record Clone(AutoBranch autoBranch, StateRef stateRef, Evidence evidence, CheckRefs checkRefs) {}
