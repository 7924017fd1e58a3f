package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.remote.RemoteAddress.Protocol;
import java.util.Optional;
import java.util.Set;

/** Decides which addresses of config repositories are allowed. */
public final class RepositoryUrls {

    private static final AddressForm FORM = new AddressForm(
            Set.of(Protocol.values()),
            "https://git.example.com/acme/cfg-app.git",
            "take them out and name stored credentials in credentialsId.",
            true);

    private RepositoryUrls() {}

    /**
     * Why the address cannot be used and what to do, as the end of a sentence that begins with the field's name; empty
     * if it can be used.
     */
    static Optional<String> problem(@Nullable String url, boolean allowInsecure) {
        if (url == null) {
            return Optional.of("is missing; give the https address of the config repository.");
        }
        return FORM.problem(url, allowInsecure).map(problem -> {
            if (url.contains("://")) {
                return problem;
            }
            String form = url.contains("@")
                    ? " Without one, a colon stands before the path: git@git.example.com:acme/cfg-app.git."
                    : "";
            return problem + form + (allowInsecure ? " A folder of this controller is file:///srv/cfg-app.git." : "");
        });
    }

    /** The canonical form of an address that has no {@link #problem}. */
    static String canonical(String url) {
        return FORM.parse(url, true).toString();
    }

    /** Whether git reaches this address over ssh. */
    public static boolean isSsh(String url) {
        return FORM.parse(url, true).protocol() == Protocol.SSH;
    }
}
