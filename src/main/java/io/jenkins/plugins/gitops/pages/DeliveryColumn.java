package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Job;
import hudson.views.ListViewColumn;
import hudson.views.ListViewColumnDescriptor;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** A column of list views: the images of the last completed build, and the waves that run them. */
@Restricted(NoExternalUse.class)
public final class DeliveryColumn extends ListViewColumn {

    @DataBoundConstructor
    public DeliveryColumn() {
        // Nothing can be chosen.
    }

    /** The waves that have the images of a job's last completed build, or null if it has none. */
    @CheckForNull
    public ImageLocator locate(Object item) { // jelly access only
        return item instanceof Job<?, ?> job
                ? JobDeliveryAction.delivery(job.getLastCompletedBuild())
                        .filter(delivery -> !delivery.deliveredImages().isEmpty())
                        .map(ImageLocator::of)
                        .orElse(null)
                : null;
    }

    @Extension
    @Symbol("imagesAndWaves")
    @Restricted(NoExternalUse.class)
    public static final class DescriptorImpl extends ListViewColumnDescriptor {

        @Override
        public String getDisplayName() {
            return Messages.DeliveryColumn_DisplayName();
        }

        @Override
        public boolean shownByDefault() {
            return false;
        }
    }
}
