package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.Id;

/** What is known of the applications of the configured Argo CD servers. Never waits for a server. */
public interface Applications {

    /** What is known where no Argo CD server is configured. */
    Applications NONE = new Applications() {
        @Override
        public Snapshot on(String server) {
            return Snapshot.NOTHING;
        }

        @Override
        public void refresh(String server, Id application) {
            // There is nobody to ask.
        }
    };

    /** The applications of a server as they were last seen. */
    Snapshot on(String server);

    /**
     * Has Argo CD compare an application with git again soon, since what it says of it is older than its last
     * operation. Asked often, it asks Argo CD now and then.
     */
    void refresh(String server, Id application);
}
