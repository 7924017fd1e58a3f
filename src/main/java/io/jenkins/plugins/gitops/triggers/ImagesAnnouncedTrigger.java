package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.triggers.Trigger;
import hudson.triggers.TriggerDescriptor;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Triggers a build of its job when images are announced over HTTP. */
@Restricted(NoExternalUse.class)
public final class ImagesAnnouncedTrigger extends Trigger<Job<?, ?>> {

    @CheckForNull
    private String repo;

    @CheckForNull
    private String set;

    /** Creates a trigger for all image sets of the only repository. */
    @DataBoundConstructor
    public ImagesAnnouncedTrigger() {}

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

    /**
     * Whether an announcement triggers a build. A missing repository stands for the only one, a missing set for all.
     */
    boolean accepts(ImageAnnouncement announced) {
        boolean rightRepository = repo == null
                ? GitOpsWavesConfiguration.get().getRepositories().size() == 1
                : repo.equals(announced.repository());
        return rightRepository
                && (set == null || announced.set().filter(set::equals).isPresent());
    }

    /** Offers the trigger in forms and Jenkinsfiles. */
    @Extension
    @Symbol("imagesAnnounced")
    public static final class DescriptorImpl extends TriggerDescriptor {

        @Override
        public String getDisplayName() {
            return Messages.ImagesAnnouncedTrigger_DisplayName();
        }

        @Override
        public boolean isApplicable(Item item) {
            return item instanceof Job && item instanceof ParameterizedJobMixIn.ParameterizedJob;
        }
    }
}
