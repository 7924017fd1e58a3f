package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.repo.RefChange;
import java.util.List;

/**
 * Ref changes to push as one.
 *
 * @param what why commits got new SHAs by it, or empty
 * @param movesMain whether main is among them, which a server may refuse by itself
 */
record Push(String what, List<RefChange> changes, boolean movesMain) {}
