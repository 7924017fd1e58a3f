package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.InputStream;
import java.util.function.UnaryOperator;

/**
 * An HTTP request, independent of the server that received it.
 *
 * @param path decoded, below {@code /gitops-waves}, with a leading slash
 * @param query what follows the question mark, not decoded, or null
 * @param headers maps the name of a header, in any case, to its value or null
 * @param body has not been read yet
 * @param remoteAddress of the sender, as far as the server knows it; that of a proxy otherwise
 */
public record WebRequest(
        String method,
        String path,
        @CheckForNull String query,
        UnaryOperator<String> headers,
        InputStream body,
        String remoteAddress) {

    public WebRequest(
            String method,
            String path,
            @Nullable String query,
            UnaryOperator<String> headers,
            InputStream body,
            String remoteAddress) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.remoteAddress = remoteAddress;
    }

    @CheckForNull
    String header(String name) {
        return headers.apply(name);
    }
}
