package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.Id;

/** What is known of the applications of the configured Argo CD servers. Never waits for a server. */
public interface ApplicationLookup {

    /** What is known where no Argo CD server is configured. */
    ApplicationLookup NONE = new ApplicationLookup() {
        @Override
        public ServerSnapshot on(String server) {
            return ServerSnapshot.NOTHING;
        }

        @Override
        public void refresh(String server, Id application) {
            // There is nobody to ask.
        }
    };

    /** The applications of a server as they were last seen. */
    ServerSnapshot on(String server);

    /**
     * Has Argo CD compare an application with git again soon, since what it says of it is older than its last
     * operation. Asked often, it asks Argo CD now and then.
     */
    void refresh(String server, Id application);
}
