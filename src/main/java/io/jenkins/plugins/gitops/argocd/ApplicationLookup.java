package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;

/** Gives access to the applications of the configured Argo CD servers, as they were last seen. No method blocks. */
public interface ApplicationLookup {

    /** The lookup where no Argo CD server is configured. */
    ApplicationLookup NONE = new ApplicationLookup() {
        @Override
        public ServerSnapshot on(String server) {
            return ServerSnapshot.NOTHING;
        }

        @Override
        public void refresh(String server, ApplicationId application) {
            // There is no server.
        }
    };

    /**
     * Returns the applications of a server as they were last seen, and the problem if the server cannot be read now.
     */
    ServerSnapshot on(String server);

    /**
     * Makes Argo CD compare an application with git again soon, since its known state is older than its last operation.
     * Frequent calls for one application are combined.
     */
    void refresh(String server, ApplicationId application);
}
