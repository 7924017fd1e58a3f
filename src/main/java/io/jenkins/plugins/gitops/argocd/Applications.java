package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.Id;

/** What is known of the applications of the configured Argo CD servers. Never waits for a server. */
public interface Applications {

    /** The applications of a server as they were last seen. */
    Snapshot on(String server);

    /**
     * Has Argo CD compare an application with git again soon, since what it says of it is older than its last
     * operation. Asked often, it asks Argo CD now and then.
     */
    void refresh(String server, Id application);
}
