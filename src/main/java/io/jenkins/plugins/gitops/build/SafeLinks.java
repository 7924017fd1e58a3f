package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Addresses that may become links. What other systems send is not to be trusted with more than http. */
public final class SafeLinks {

    private static final int SHORT_DIGEST = 12;

    private SafeLinks() {}

    /** A tag as people write it: that of a commit by its first digits. */
    public static String shortTag(String tag) {
        return CommitSha.isFull(tag) ? CommitSha.abbreviate(tag) : tag;
    }

    /** The algorithm and the first digits of a digest. */
    public static String shortDigest(String digest) {
        int algorithm = digest.indexOf(':') + 1;
        return digest.substring(0, Math.min(digest.length(), algorithm + SHORT_DIGEST));
    }

    /** The address if it is one of a web page, else null. */
    @CheckForNull
    public static String webUrl(@CheckForNull String url) {
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
    public static String commit(@CheckForNull String template, @CheckForNull String sha) {
        return template == null || sha == null ? null : webUrl(template.replace("{sha}", sha));
    }

    /** Where a commit of the application can be seen, while only one place for that is configured. */
    @CheckForNull
    public static String appCommit(@CheckForNull String sha) {
        List<String> templates = GitOpsWavesConfiguration.get().getRepositories().stream()
                .map(RepositoryDefinition::getAppCommitUrl)
                .filter(template -> template != null)
                .distinct()
                .toList();
        return templates.size() == 1 ? commit(templates.get(0), sha) : null;
    }

    /** The same for the commit that a tag is, or null where it is none. */
    @CheckForNull
    public static String appCommitOfTag(String tag) {
        return CommitSha.isFull(tag) ? appCommit(tag) : null;
    }

    /** Where a commit of a config repository can be seen, while the repository is configured. */
    @CheckForNull
    static String configCommit(String repository, @CheckForNull String sha) {
        return GitOpsWavesConfiguration.get().getRepositories().stream()
                .filter(configured -> repository.equals(configured.getName()))
                .findFirst()
                .map(RepositoryDefinition::getCommitUrl)
                .map(template -> commit(template, sha))
                .orElse(null);
    }
}
