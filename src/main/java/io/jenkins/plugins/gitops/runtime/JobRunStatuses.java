package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStateMapping;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.StatusSource;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.configuration.base.PullRequestJobs;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import jenkins.scm.api.SCMRevisionAction;

/**
 * Reads verdicts on commits from the builds of a multibranch job. The newest build of a commit decides, so that a build
 * can be repeated.
 */
final class JobRunStatuses implements StatusSource {

    /**
     * The number of builds of a branch that are searched. A commit that is waited for was built recently or not at all.
     */
    private static final int SEARCHED_BUILDS = 100;

    /** The length of the end of a log that is read, in bytes. */
    private static final int END_OF_LOG = 4096;

    /** What the end of the log of a build says that lost its agent, or could not be resumed. */
    private static final Pattern BROKEN = Pattern.compile("Unable to create live FilePath for "
            + "|hudson\\.remoting\\.(ChannelClosedException|RequestAbortedException)"
            + "|Agent \\S+ was deleted; cancelling node body"
            + "|Cannot resume build|Resume disabled by user");

    private final String job;
    private final List<String> checks;
    private final Executor pool;
    private final Optional<Consumer<Run<?, ?>>> restart;

    /** The last build that was started again, by the commit that it has built. */
    private final Map<String, String> restarted = new ConcurrentHashMap<>();

    /** The cause of a build that takes the place of one that broke down. */
    public static final class BrokenBuildCause extends Cause {
        private final String broken;

        BrokenBuildCause(Run<?, ?> broken) {
            this.broken = broken.getDisplayName();
        }

        @Override
        public String getShortDescription() {
            return "GitOps Waves started it, since " + broken + " of the same commit broke down without a verdict";
        }
    }

    /**
     * Creates the source.
     *
     * @param job the full name of the multibranch job
     * @param checks the names of the required checks that get the verdict
     * @param pool runs work that loads builds from the disk
     * @param restart starts the job of a build that broke down again, for the same commit; empty to leave that to
     *     people
     */
    JobRunStatuses(String job, List<String> checks, Executor pool, Optional<Consumer<Run<?, ?>>> restart) {
        this.restart = restart;
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
        List<Run<?, ?>> builds = branches.stream()
                .flatMap(branch -> find(branch, sha).stream())
                .sorted(Comparator.<Run<?, ?>>comparingLong(Run::getTimeInMillis)
                        .reversed())
                .toList();
        if (builds.isEmpty()) {
            return List.of();
        }
        Run<?, ?> newest = builds.get(0);
        CheckState state = state(newest);
        int broken = (int) builds.stream()
                .filter(build -> state(build) == CheckState.ERROR)
                .count();
        if (state == CheckState.ERROR && broken == 1 && !newest.getUrl().equals(restarted.put(sha, newest.getUrl()))) {
            restart.ifPresent(again -> again.accept(newest));
        }
        return checks.stream()
                .map(check -> new CheckResult(status(check, newest, state), CheckResult.NO_APP).broken(broken))
                .toList();
    }

    /** Starts the job of a build again, for the commit that the build had. */
    static void restart(Run<?, ?> broken) {
        ParameterizedJobMixIn.scheduleBuild2(
                broken.getParent(),
                0,
                new CauseAction(new BrokenBuildCause(broken)),
                broken.getAction(SCMRevisionAction.class));
    }

    /** The builds of the commit, the newest first. */
    private static List<Run<?, ?>> find(Job<?, ?> branch, String sha) {
        var found = new ArrayList<Run<?, ?>>();
        Run<?, ?> run = branch.getLastBuild();
        for (int searched = 0; run != null && searched < SEARCHED_BUILDS; searched++) {
            if (sha.equals(revision(run))) {
                found.add(run);
            }
            run = run.getPreviousBuild();
        }
        return found;
    }

    /** The commit that a build has built. The revision of a git branch, written as text, is the SHA of its commit. */
    @CheckForNull
    private static String revision(Run<?, ?> run) {
        SCMRevisionAction built = run.getAction(SCMRevisionAction.class);
        return built == null ? null : built.getRevision().toString();
    }

    private static CheckStatus status(String check, Run<?, ?> run, CheckState state) {
        boolean running = run.isBuilding();
        String root = Jenkins.get().getRootUrl();
        return new CheckStatus(
                check,
                state,
                Optional.ofNullable(root).map(url -> url + run.getUrl()),
                Optional.of(run.getFullDisplayName() + (running ? " is running" : ": " + run.getResult())),
                Instant.ofEpochMilli(run.getTimeInMillis() + (running ? 0 : run.getDuration())),
                run.getNumber());
    }

    /**
     * The state of a build. One that lost its agent, or could not go on after a restart of the controller, ends as
     * FAILURE or ABORTED like others; only the end of its log tells.
     */
    private static CheckState state(Run<?, ?> run) {
        Result result = run.getResult();
        if (run.isBuilding() || result == null) {
            return run.isBuilding() ? CheckState.PENDING : CheckState.CANCELLED;
        }
        CheckState state = CheckStateMapping.JENKINS_JOB.state(result.toString());
        boolean mayBeBroken = result == Result.FAILURE || result == Result.ABORTED;
        return mayBeBroken && BROKEN.matcher(endOfLog(run)).find() ? CheckState.ERROR : state;
    }

    /** The end of the log of a build; empty if it cannot be read. */
    private static String endOfLog(Run<?, ?> run) {
        try (var log = new RandomAccessFile(new File(run.getRootDir(), "log"), "r")) {
            log.seek(Math.max(0, log.length() - END_OF_LOG));
            byte[] end = new byte[(int) (log.length() - log.getFilePointer())];
            log.readFully(end);
            return new String(end, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
