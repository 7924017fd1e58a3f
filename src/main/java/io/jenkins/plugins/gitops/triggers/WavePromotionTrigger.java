package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.scheduler.CronTabList;
import hudson.triggers.Trigger;
import hudson.triggers.TriggerDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.DuePromotion;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Triggers a build of its job when the set of one wave may be promoted to the next. All conditions are checked in each
 * minute that matches the schedule. The causes of the job's builds tell which promotions were triggered already, so
 * that none is triggered twice, even after a restart, and although each build of a Jenkinsfile makes its triggers anew.
 */
@Restricted(NoExternalUse.class)
public final class WavePromotionTrigger extends Trigger<Job<?, ?>> {

    private static final Logger LOGGER = Logger.getLogger(WavePromotionTrigger.class.getName());

    private static final String EVERY_MINUTE = "* * * * *";

    /** The number of builds of the job that are searched for the cause. */
    private static final int SEARCHED_BUILDS = 100;

    private final String from;
    private final String to;

    @CheckForNull
    private final String schedule;

    @CheckForNull
    private String repo;

    @CheckForNull
    private String set;

    /**
     * Creates a trigger for promotions from one wave to another.
     *
     * @param schedule in Jenkins' cron syntax, with {@code H}; null for every minute
     * @throws IllegalArgumentException if the schedule is not valid
     */
    @DataBoundConstructor
    public WavePromotionTrigger(String from, String to, @CheckForNull String schedule) {
        super(orEveryMinute(schedule));
        this.from = Util.fixNull(from).strip();
        this.to = Util.fixNull(to).strip();
        this.schedule = Util.fixEmptyAndTrim(schedule);
    }

    private static String orEveryMinute(@CheckForNull String schedule) {
        String trimmed = Util.fixEmptyAndTrim(schedule);
        return trimmed == null ? EVERY_MINUTE : trimmed;
    }

    public String getFrom() {
        return from;
    }

    public String getTo() {
        return to;
    }

    @CheckForNull
    public String getSchedule() {
        return schedule;
    }

    @CheckForNull
    public String getRepo() {
        return repo;
    }

    @DataBoundSetter
    public void setRepo(@CheckForNull String repo) {
        this.repo = Util.fixEmptyAndTrim(repo);
    }

    @CheckForNull
    public String getSet() {
        return set;
    }

    @DataBoundSetter
    public void setSet(@CheckForNull String set) {
        this.set = Util.fixEmptyAndTrim(set);
    }

    /** Queues a build if a promotion is due. Jenkins calls this in each minute that matches the schedule. */
    @Override
    public void run() {
        Job<?, ?> started = job;
        if (started == null) {
            return;
        }
        try {
            RepositoryDefinition repository = GitOpsWavesConfiguration.get().repository(repo);
            RepositorySettings settings = repository.toSettings();
            String name = settings.name();
            Optional<String> watched = Optional.ofNullable(set).flatMap(named -> settings.imageSet(Optional.of(named)));
            Optional<DuePromotion> due = DriverRegistry.get()
                    .state(name)
                    .filter(state -> JobAuthorization.of(repository, started).allows(RepositoryPower.PROMOTE, to)
                            && DriverRegistry.get().trouble(name).isEmpty())
                    .flatMap(state -> DuePromotion.in(state, from, to).stream()
                            .filter(found ->
                                    (watched.isEmpty() || found.path().set().equals(watched))
                                            && started.isBuildable()
                                            && !isTriggered(started, found))
                            .findFirst());
            due.ifPresent(found -> ParameterizedJobMixIn.scheduleBuild2(
                    started, 0, new CauseAction(new WavePromotionCause(name, from, found))));
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.WARNING, e, () -> "wavePromotion of " + started.getFullName() + " starts nothing");
        }
    }

    /** Whether a build of the job is queued or running, or was triggered for this promotion. */
    private static boolean isTriggered(Job<?, ?> job, DuePromotion due) {
        if (job.isInQueue()) {
            return true;
        }
        Run<?, ?> build = job.getLastBuild();
        for (int i = 0; i < SEARCHED_BUILDS && build != null; i++) {
            WavePromotionCause cause = build.getCause(WavePromotionCause.class);
            if (build.isBuilding() || cause != null && cause.isFor(due)) {
                return true;
            }
            build = build.getPreviousBuild();
        }
        return false;
    }

    /** Offers the trigger in forms and Jenkinsfiles. */
    @Extension
    @Symbol("wavePromotion")
    public static final class DescriptorImpl extends TriggerDescriptor {

        @Override
        public String getDisplayName() {
            return Messages.WavePromotionTrigger_DisplayName();
        }

        @Override
        public boolean isApplicable(Item item) {
            return item instanceof Job && item instanceof ParameterizedJobMixIn.ParameterizedJob;
        }

        /** Checks that the schedule can be used. */
        @POST
        public FormValidation doCheckSchedule(@AncestorInPath Item item, @QueryParameter String value) {
            String given = Util.fixEmptyAndTrim(value);
            if (given == null || item == null || !item.hasPermission(Item.CONFIGURE)) {
                return FormValidation.ok();
            }
            try {
                CronTabList.create(given);
                return FormValidation.ok();
            } catch (IllegalArgumentException e) {
                return FormValidation.error(e.getMessage());
            }
        }
    }
}
