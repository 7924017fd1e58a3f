package io.jenkins.plugins.gitops.webhooks;

import java.io.IOException;
import java.util.List;

/** Answers the requests to one kind of path. */
interface Endpoint {

    /** Answers a request at once; what follows from it is done later. */
    WebResponse answer(List<String> names, WebRequest request) throws HttpRejection, IOException;
}
