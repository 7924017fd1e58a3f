package org.jenkinsci.plugins.gitclient.verifier;

import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;

/** {@link #getServerKeyDatabase()} is not abstract on a controller. */
public abstract class AbstractJGitHostKeyVerifier {

    public abstract ServerKeyDatabase getServerKeyDatabase();
}
