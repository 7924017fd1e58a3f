package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.InputStream;
import java.util.function.UnaryOperator;

/**
 * A request, whatever server took it.
 *
 * @param path decoded, below {@code /gitops-waves}, with a leading slash
 * @param headers the value of a header, or null; names in any case
 * @param body not read yet
 */
public record WebRequest(String method, String path, UnaryOperator<String> headers, InputStream body) {

    @CheckForNull
    String header(String name) {
        return headers.apply(name);
    }
}
