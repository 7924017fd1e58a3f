package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.CommitSha;

/**
 * The first line of a change's commit, from a template: <code>{sha}</code> and <code>{shortSha}</code> are the commit
 * of the application, <code>{wave}</code> the wave, <code>{services}</code> what it sets.
 */
public final class CommitSubject {

    private CommitSubject() {}

    public static String of(String template, NewChange change) {
        String known = change.appSha();
        String sha = known != null ? known : "an unknown commit";
        String shortSha = known != null ? CommitSha.abbreviate(known) : sha;
        return template.replace("{sha}", sha)
                .replace("{shortSha}", shortSha)
                .replace("{wave}", change.wavePath().wave())
                .replace("{set}", change.wavePath().set().orElse(""))
                .replace(
                        "{services}", String.join(", ", change.images().images().keySet()));
    }
}
