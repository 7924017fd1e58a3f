package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.InputStream;
import java.util.function.UnaryOperator;

/**
 * A request, whatever server took it.
 *
 * @param path decoded, below {@code /gitops-waves}, with a leading slash
 * @param query what follows the question mark, as it was sent, or null
 * @param headers the value of a header, or null; names in any case
 * @param body not read yet
 */
public record WebRequest(
        String method, String path, @CheckForNull String query, UnaryOperator<String> headers, InputStream body) {

    public WebRequest(
            String method, String path, @Nullable String query, UnaryOperator<String> headers, InputStream body) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
    }

    @CheckForNull
    String header(String name) {
        return headers.apply(name);
    }
}
