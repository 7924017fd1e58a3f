package io.jenkins.plugins.gitops.configuration.base;

import hudson.model.Job;
import io.jenkins.plugins.gitops.matching.WildcardMatch;
import java.util.List;
import java.util.regex.Pattern;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Recognises jobs of multibranch projects that build pull requests. The author of a pull request decides what such a
 * job runs. If Jenkins does not know what a job builds, the name of the job decides: jobs of pull requests have names
 * such as {@code PR-7} or {@code MR-7-merge}.
 */
@Restricted(NoExternalUse.class)
public final class PullRequestJobs {

    private static final Pattern NAME = Pattern.compile("(?i)(?:PR|MR|CHANGE)-\\d.*", Pattern.DOTALL);

    /** Names that the branch sources of GitHub, GitLab, Bitbucket and Gitea give to such jobs. */
    private static final List<String> SAMPLES =
            List.of("PR-1", "PR-23", "PR-1-head", "PR-1-merge", "MR-1", "MR-1-merge");

    private PullRequestJobs() {}

    /** Whether the job builds a pull request. */
    public static boolean includes(Job<?, ?> job) {
        SCMHead head = SCMHead.HeadByItem.findHead(job);
        return head == null ? includesName(job.getFullName()) : head instanceof ChangeRequestSCMHead;
    }

    /** Whether the full name of a job is that of a pull request job. */
    public static boolean includesName(String fullName) {
        return NAME.matcher(fullName.substring(fullName.lastIndexOf('/') + 1)).matches();
    }

    /** Whether a pattern with wildcards covers pull requests of a multibranch project. */
    public static boolean areCoveredBy(String pattern) {
        String last = pattern.substring(pattern.lastIndexOf('/') + 1);
        return isWildcard(last) && SAMPLES.stream().anyMatch(name -> WildcardMatch.ofPath(last, name));
    }

    private static boolean isWildcard(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
    }
}
