package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.CommitSha;
import java.util.Optional;

/**
 * The first line of the commit of a change, from a template: <code>{sha}</code> and <code>{shortSha}</code> are the
 * commit of the application, <code>{wave}</code> and <code>{set}</code> the names of the wave and of the image set,
 * <code>{services}</code> the services that the change sets.
 */
public final class CommitSubject {

    private CommitSubject() {}

    public static String of(String template, NewChange change) {
        Optional<String> sha = change.trailers().appSha();
        String unknown = "an unknown commit";
        return template.replace("{sha}", sha.orElse(unknown))
                .replace("{shortSha}", sha.map(CommitSha::abbreviate).orElse(unknown))
                .replace("{wave}", change.wavePath().wave())
                .replace("{set}", change.wavePath().set().orElse(""))
                .replace("{services}", String.join(", ", change.trailers().services()));
    }
}
