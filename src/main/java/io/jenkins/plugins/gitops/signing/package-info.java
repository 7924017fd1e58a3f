/**
 * Signatures of commits: making them with an ssh or an OpenPGP key, and telling whose they are. {@code
 * SigningKeyReader} reads the key of a repository, {@code CommitSigner} is what writes commits with it, and {@code
 * TrustedSigners} says whose commits count.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.signing;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
