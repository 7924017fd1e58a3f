package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.configuration.GitOpsWaves;
import java.net.URI;
import java.net.URISyntaxException;

/** Addresses that may become links. What other systems send is not to be trusted with more than http. */
final class Links {

    private static final int SHORT_SHA = 10;

    private Links() {}

    /** The first digits of a commit, as people write it. */
    static String shortened(@CheckForNull String commit) {
        return commit == null ? "" : commit.substring(0, Math.min(SHORT_SHA, commit.length()));
    }

    /** The address if it is one of a web page, else null. */
    @CheckForNull
    static String webUrl(@CheckForNull String url) {
        if (url == null) {
            return null;
        }
        try {
            URI uri = new URI(url);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null ? url : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** The address of a commit by a configured template, if there is one. */
    @CheckForNull
    static String commit(@CheckForNull String template, @CheckForNull String sha) {
        return template == null || sha == null ? null : webUrl(template.replace("{sha}", sha));
    }

    /** Where a commit of a config repository can be seen, while the repository is configured. */
    @CheckForNull
    static String configCommit(String repository, @CheckForNull String sha) {
        return GitOpsWaves.get().getRepositories().stream()
                .filter(configured -> repository.equals(configured.getName()))
                .findFirst()
                .map(ConfigRepository::getCommitUrl)
                .map(template -> commit(template, sha))
                .orElse(null);
    }
}
