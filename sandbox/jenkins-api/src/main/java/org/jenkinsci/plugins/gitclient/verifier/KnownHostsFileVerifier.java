package org.jenkinsci.plugins.gitclient.verifier;

import hudson.model.TaskListener;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.internal.transport.sshd.OpenSshServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;

/** Implemented. */
public class KnownHostsFileVerifier extends HostKeyVerifierFactory {

    @Override
    public AbstractJGitHostKeyVerifier forJGit(TaskListener listener) {
        return new AbstractJGitHostKeyVerifier() {
            @Override
            public ServerKeyDatabase getServerKeyDatabase() {
                Path knownHosts = Path.of(System.getProperty("user.home"), ".ssh", "known_hosts");
                return new OpenSshServerKeyDatabase(true, List.of(knownHosts));
            }
        };
    }
}
