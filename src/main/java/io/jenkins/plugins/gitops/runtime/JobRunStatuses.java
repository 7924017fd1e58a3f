package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.StatusSource;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.configuration.base.PullRequestJobs;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import jenkins.model.Jenkins;
import jenkins.scm.api.SCMRevisionAction;

/**
 * Reads verdicts on commits from the builds of a multibranch job. The newest build of a commit decides, so that a build
 * can be repeated.
 */
final class JobRunStatuses implements StatusSource {

    /** How many builds of a branch are searched. A commit that is waited for was built recently or not at all. */
    private static final int SEARCHED_BUILDS = 100;

    private final String job;
    private final List<String> checks;
    private final Executor pool;

    /**
     * Makes the source.
     *
     * @param job the full name of the multibranch job
     * @param checks the names of the required checks that get the verdict
     * @param pool runs work that loads builds from the disk
     */
    JobRunStatuses(String job, List<String> checks, Executor pool) {
        this.job = job;
        this.checks = List.copyOf(checks);
        this.pool = pool;
    }

    @Override
    public String name() {
        return JenkinsJobCheckSource.NAME;
    }

    @Override
    public CompletableFuture<PollResult> fetch(String sha, Set<String> branches) {
        CompletableFuture<PollResult> answer = new CompletableFuture<>();
        pool.execute(() -> {
            // The thread of a driver has no authentication, with which it would see no jobs.
            try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
                answer.complete(new PollResult(results(branches(branches), sha), Duration.ZERO));
            } catch (ForgeUnavailable e) {
                answer.completeExceptionally(e);
            } catch (RuntimeException e) {
                answer.completeExceptionally(
                        new ForgeUnavailable("The runs of the job " + job + " cannot be read: " + e, null, e));
            }
        });
        return answer;
    }

    /** The jobs of these branches in the multibranch job. */
    private List<Job<?, ?>> branches(Set<String> names) throws ForgeUnavailable {
        if (!(Jenkins.get().getItemByFullName(job) instanceof ItemGroup<?> group)) {
            throw new ForgeUnavailable("There is no multibranch job \"" + job
                    + "\"; an administrator creates it, or corrects the jenkinsJob of the repository's checks.");
        }
        List<Job<?, ?>> branches = new ArrayList<>();
        for (Item item : group.getItems()) {
            if (item instanceof Job<?, ?> branch
                    && names.contains(branch(branch.getName()))
                    && !PullRequestJobs.includes(branch)) {
                branches.add(branch);
            }
        }
        return branches;
    }

    /** The branch of a job in a multibranch job: the job's name is the percent-encoded name of the branch. */
    static String branch(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    /** The verdict of the newest build of the commit on each check; empty if there is no such build. */
    List<CheckResult> results(List<Job<?, ?>> branches, String sha) {
        Optional<Run<?, ?>> newest = branches.stream()
                .map(branch -> find(branch, sha))
                .flatMap(Optional::stream)
                .max(Comparator.comparingLong(Run::getTimeInMillis));
        return newest.stream()
                .flatMap(run -> checks.stream().map(check -> new CheckResult(status(check, run), CheckResult.NO_APP)))
                .toList();
    }

    private static Optional<Run<?, ?>> find(Job<?, ?> branch, String sha) {
        Run<?, ?> run = branch.getLastBuild();
        for (int searched = 0; run != null && searched < SEARCHED_BUILDS; searched++) {
            if (sha.equals(revision(run))) {
                return Optional.of(run);
            }
            run = run.getPreviousBuild();
        }
        return Optional.empty();
    }

    /** The commit that a build has built. The revision of a git branch, written as text, is the SHA of its commit. */
    @CheckForNull
    private static String revision(Run<?, ?> run) {
        SCMRevisionAction built = run.getAction(SCMRevisionAction.class);
        return built == null ? null : built.getRevision().toString();
    }

    private static CheckStatus status(String check, Run<?, ?> run) {
        boolean running = run.isBuilding();
        String root = Jenkins.get().getRootUrl();
        return new CheckStatus(
                check,
                running ? CheckState.PENDING : state(run.getResult()),
                Optional.ofNullable(root).map(url -> url + run.getUrl()),
                Optional.of(run.getFullDisplayName() + (running ? " is running" : ": " + run.getResult())),
                Instant.ofEpochMilli(run.getTimeInMillis() + (running ? 0 : run.getDuration())),
                run.getNumber());
    }

    /** The state of a finished build; a build that was aborted or not built has no verdict. */
    private static CheckState state(@Nullable Result result) {
        if (result == null || result == Result.ABORTED || result == Result.NOT_BUILT) {
            return CheckState.CANCELLED;
        }
        return result == Result.SUCCESS ? CheckState.SUCCESS : CheckState.FAILURE;
    }
}
