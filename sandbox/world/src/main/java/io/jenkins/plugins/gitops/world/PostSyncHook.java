package io.jenkins.plugins.gitops.world;

import java.net.URI;
import java.util.Map;

/**
 * What the Job that an application has as its PostSync hook sends: one POST. The Job lies in git as it is, so it does
 * not know the revision. Any answer but 2xx fails the operation.
 */
public record PostSyncHook(URI url, Map<String, String> headers, String body) {

    public PostSyncHook(URI url, Map<String, String> headers, String body) {
        this.url = url;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }
}
