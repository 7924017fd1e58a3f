package io.jenkins.plugins.gitops.ci;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Maps the states of checks of each source to {@link CheckState}. A word that is not listed counts as {@link
 * CheckState#PENDING}, so that it decides nothing. {@code docs/checks.md} has the same table.
 */
public enum CheckStateMapping {
    /** States of commit statuses, and conclusions of check runs. */
    GITHUB(
            "github",
            entry("success", CheckState.SUCCESS),
            entry("failure", CheckState.FAILURE),
            entry("error", CheckState.ERROR),
            entry("startup_failure", CheckState.ERROR),
            entry("timed_out", CheckState.TIMED_OUT),
            entry("neutral", CheckState.NEUTRAL),
            entry("skipped", CheckState.SKIPPED),
            entry("cancelled", CheckState.CANCELLED),
            entry("stale", CheckState.STALE),
            entry("action_required", CheckState.ACTION_REQUIRED),
            entry("pending", CheckState.PENDING)),
    /** Statuses of jobs, pipelines and commit statuses. */
    GITLAB(
            "gitlab",
            entry("success", CheckState.SUCCESS),
            entry("failed", CheckState.FAILURE),
            entry("canceled", CheckState.CANCELLED),
            entry("canceling", CheckState.CANCELLED),
            entry("skipped", CheckState.SKIPPED),
            entry("manual", CheckState.ACTION_REQUIRED),
            entry("created", CheckState.PENDING),
            entry("waiting_for_resource", CheckState.PENDING),
            entry("waiting_for_callback", CheckState.PENDING),
            entry("preparing", CheckState.PENDING),
            entry("pending", CheckState.PENDING),
            entry("running", CheckState.PENDING),
            entry("scheduled", CheckState.PENDING)),
    /** States of commit statuses, of Gitea and Forgejo. */
    GITEA(
            "gitea",
            entry("success", CheckState.SUCCESS),
            entry("failure", CheckState.FAILURE),
            entry("error", CheckState.ERROR),
            entry("warning", CheckState.NEUTRAL),
            entry("skipped", CheckState.SKIPPED),
            entry("pending", CheckState.PENDING)),
    /** States of build statuses, of Cloud and Data Center, and results of pipelines of Cloud. */
    BITBUCKET(
            "bitbucket",
            entry("SUCCESSFUL", CheckState.SUCCESS),
            entry("FAILED", CheckState.FAILURE),
            entry("ERROR", CheckState.ERROR),
            entry("STOPPED", CheckState.CANCELLED),
            entry("CANCELLED", CheckState.CANCELLED),
            entry("EXPIRED", CheckState.STALE),
            entry("UNKNOWN", CheckState.PENDING),
            entry("INPROGRESS", CheckState.PENDING)),
    /** Results of builds of Jenkins. */
    JENKINS_JOB(
            "jenkinsJob",
            entry("SUCCESS", CheckState.SUCCESS),
            entry("UNSTABLE", CheckState.FAILURE),
            entry("FAILURE", CheckState.FAILURE),
            entry("ABORTED", CheckState.CANCELLED),
            entry("NOT_BUILT", CheckState.CANCELLED));

    private static final String SUBJECT = "(?:(?:the |your |this )?(?:[a-z]\\w*"
            + " )?(?:build|job|run|pipeline|workflow|check|tests|deployment|deploy)(?: #?\\d+)?(?: of this"
            + " commit)? )?(?:(?:has been|have been|was|were) )?";

    /**
     * The descriptions of runs that were cancelled, of what cannot say so by its state: Actions of Gitea and Forgejo
     * ("Canceled after 3s", "Has been cancelled"), CircleCI ("Your CircleCI tests were canceled"), Woodpecker ("Pipeline
     * was canceled"), Drone ("Build was killed"), Prow ("Aborted as the newer version of this job is running."), TeamCity
     * ("TeamCity build was removed from queue"), Vercel ("Canceled from the Vercel Dashboard"), and the plugins of
     * Jenkins for forges ("The build of this commit was aborted").
     */
    private static final Pattern CANCELLED = Pattern.compile(
            SUBJECT
                    + "(?:cancell?ed(?: (?:after|by|from|as|in favou?r of) .*)?|(?:aborted|killed|stopped)(?: (?:by|as"
                    + " a?|as the newer) .*)?|superseded(?: by .*)?|(?:removed from (?:the )?queue))[.!]?",
            Pattern.CASE_INSENSITIVE);

    /**
     * What the plugins of Jenkins for forges say of builds that tested nothing, as failure, error or warning, and those of
     * Bitbucket Data Center once as success.
     */
    private static final Pattern NOT_BUILT = Pattern.compile(
            "this commit was not built\\b.*|something is wrong with the build of this commit\\.?",
            Pattern.CASE_INSENSITIVE);

    /**
     * What Actions of Forgejo and of earlier versions of Gitea, and Drone, say of jobs that were skipped, as success.
     */
    private static final Pattern SKIPPED = Pattern.compile(SUBJECT + "skipped[.!]?", Pattern.CASE_INSENSITIVE);

    /**
     * What the plugins of Jenkins for GitHub say of builds that failed, as error, which is their word for {@code FAILURE};
     * {@code failure} is that for {@code UNSTABLE}. GitHub Branch Source ({@code GitHubNotificationContext}) says "This
     * commit cannot be built", the plugin GitHub ({@code DefaultStatusResultSource}) "Build #12 failed in 3 min 2 sec".
     */
    private static final Pattern FAILED = Pattern.compile(
            "this commit cannot be built\\.?|build .{1,100} failed in .{1,60}", Pattern.CASE_INSENSITIVE);

    /** What the plugin of Jenkins for Gitea says of builds with failed tests, as warning. */
    private static final Pattern UNSTABLE = Pattern.compile("this commit is unstable\\.?", Pattern.CASE_INSENSITIVE);

    private final String source;
    private final Map<String, CheckState> states;

    @SafeVarargs
    CheckStateMapping(String source, Map.Entry<String, CheckState>... states) {
        this.source = source;
        this.states = Map.ofEntries(states);
    }

    /** Returns the name by which required checks are bound to the source. */
    public String source() {
        return source;
    }

    /** Returns the known words of the source. */
    public Map<String, CheckState> states() {
        return states;
    }

    /** Returns the state for a word of the source. */
    public CheckState state(String word) {
        return states.getOrDefault(word, CheckState.PENDING);
    }

    /**
     * Returns the state for a status with a word of the source and a description, which may say that nothing was
     * tested, or that a fault was found.
     */
    public CheckState state(String word, Optional<String> description) {
        CheckState state = state(word);
        String text = description.map(String::strip).orElse("");
        boolean ended = state.meaning() != CheckState.Meaning.UNDECIDED;
        if (ended && NOT_BUILT.matcher(text).matches()
                || ended
                        && state != CheckState.SUCCESS
                        && CANCELLED.matcher(text).matches()) {
            return CheckState.CANCELLED;
        }
        if (state == CheckState.SUCCESS && SKIPPED.matcher(text).matches()) {
            return CheckState.SKIPPED;
        }
        boolean isFailedBuild =
                state == CheckState.NEUTRAL && UNSTABLE.matcher(text).matches()
                        || state == CheckState.ERROR && FAILED.matcher(text).matches();
        return isFailedBuild ? CheckState.FAILURE : state;
    }
}
