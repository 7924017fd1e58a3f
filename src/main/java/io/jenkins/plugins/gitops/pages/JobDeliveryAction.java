package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jenkins.model.TransientActionFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/** The delivery page of a job: its latest images, the waves that have them, and lead times. */
@Restricted(NoExternalUse.class)
public final class JobDeliveryAction implements Action {

    private final Job<?, ?> job;

    JobDeliveryAction(Job<?, ?> job) {
        this.job = job;
    }

    /** The latest delivery among the last two builds and the last successful one, which Jenkins' pages load as well. */
    static Optional<DeliveryAction> latest(Job<?, ?> job) {
        Run<?, ?> last = job.getLastBuild();
        List<Run<?, ?>> builds = new ArrayList<>();
        builds.add(last);
        builds.add(last == null ? null : last.getPreviousBuild());
        builds.add(job.getLastSuccessfulBuild());
        return builds.stream()
                .flatMap(run -> delivery(run).stream())
                .filter(delivery -> !delivery.deliveredImages().isEmpty())
                .findFirst();
    }

    static Optional<DeliveryAction> delivery(@CheckForNull Run<?, ?> run) {
        return Optional.ofNullable(run).map(build -> build.getAction(DeliveryAction.class));
    }

    /** The job, for the page of this action. */
    public Job<?, ?> getObject() { // jelly access only
        return job;
    }

    /** The latest delivery, or null once it was deleted. */
    @CheckForNull
    public DeliveryAction getLatest() { // jelly access only
        return latest(job).orElse(null);
    }

    /** Locates the images of a delivery. */
    public ImageLocator locate(DeliveryAction delivery) { // jelly access only
        return ImageLocator.of(delivery);
    }

    /** The lead times of the last builds. */
    public LeadTimes getLeadTimes() { // jelly access only
        return LeadTimes.of(job);
    }

    /** Serves the numbers of the plots as JSON. */
    @GET
    public void doLeadTimes(StaplerResponse2 response) throws IOException {
        job.checkPermission(Item.READ);
        String json = LeadTimes.of(job).toJson(DriverRegistry.get().clock().instant(), ZoneId.systemDefault());
        response.setContentType("application/json;charset=UTF-8");
        response.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String getIconFileName() {
        return "symbol-paper-plane-outline";
    }

    @Override
    public String getDisplayName() {
        return Messages.JobDeliveryAction_DisplayName();
    }

    @Override
    public String getUrlName() {
        return "delivery";
    }

    /** Adds the action to jobs that have delivered. */
    @Extension
    @Restricted(NoExternalUse.class)
    @SuppressWarnings("rawtypes")
    public static final class Factory extends TransientActionFactory<Job> {

        @Override
        public Class<Job> type() {
            return Job.class;
        }

        /** Declared so that a request for an action of another type does not load builds. */
        @Override
        public Class<JobDeliveryAction> actionType() {
            return JobDeliveryAction.class;
        }

        @Override
        public Collection<JobDeliveryAction> createFor(Job target) {
            return latest(target).isPresent() ? List.of(new JobDeliveryAction(target)) : List.of();
        }
    }
}
