package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.remote.AddressForm;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * URLs that pages may link to, and short forms of tags and digests. A URL of another system becomes a link only if its
 * scheme is http or https.
 */
public final class SafeLinks {

    private static final int SHORT_DIGEST = 12;

    private SafeLinks() {}

    /** A tag, abbreviated if it is a commit SHA. */
    public static String shortTag(String tag) {
        return CommitSha.isFull(tag) ? CommitSha.abbreviate(tag) : tag;
    }

    /** The algorithm and the first digits of a digest. */
    public static String shortDigest(String digest) {
        int algorithm = digest.indexOf(':') + 1;
        return digest.substring(0, Math.min(digest.length(), algorithm + SHORT_DIGEST));
    }

    /** The URL if it is that of a web page, else null. */
    @CheckForNull
    static String webUrl(@CheckForNull String url) {
        return Optional.ofNullable(url).flatMap(AddressForm::webPage).orElse(null);
    }

    /** The URL that a configured template gives for a commit, or null without a template. */
    @CheckForNull
    public static String commit(@CheckForNull String template, @CheckForNull String sha) {
        return template == null || sha == null ? null : webUrl(template.replace("{sha}", sha));
    }

    /** The page of a commit of the application, or null unless just one {@code appCommitUrl} is configured. */
    @CheckForNull
    public static String appCommit(@CheckForNull String sha) {
        List<String> templates = GitOpsWavesConfiguration.get().getRepositories().stream()
                .map(RepositoryDefinition::getAppCommitUrl)
                .filter(template -> template != null)
                .distinct()
                .toList();
        return templates.size() == 1 ? commit(templates.get(0), sha) : null;
    }

    /** The same for a tag that is a commit SHA, or null for another tag. */
    @CheckForNull
    public static String appCommitOfTag(String tag) {
        return CommitSha.isFull(tag) ? appCommit(tag) : null;
    }

    /** The live page of a config repository with one of its changes, a path below Jenkins' own. */
    public static String change(String repository, String id) {
        return livePage(repository) + "?q=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    /** The live page of a config repository, a path below Jenkins' own. */
    public static String livePage(String repository) {
        return "/waves/" + repository + "/";
    }

    /** The page of an application in Argo CD, or null if no such server is configured. */
    @CheckForNull
    public static String application(String server, String name) {
        return GitOpsWavesConfiguration.get().getArgoServers().stream()
                .filter(configured -> server.equals(configured.getName()))
                .findFirst()
                .map(configured -> webUrl(configured.getUrl().replaceAll("/+$", "") + "/applications/" + name))
                .orElse(null);
    }

    /** The page of a commit of a config repository, or null unless the repository has a {@code commitUrl}. */
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
