package io.jenkins.plugins.gitops.webhooks;

import java.io.IOException;
import java.util.List;

/** Answers the requests to one kind of path below {@code /gitops-waves/}. */
interface WebEndpoint {

    /**
     * Answers a request. The work that it triggers may continue after the answer.
     *
     * @param names the parts of the path after the first: the repository, and for some endpoints the wave
     */
    WebResponse answer(List<String> names, WebRequest request) throws HttpRejection, IOException;
}
