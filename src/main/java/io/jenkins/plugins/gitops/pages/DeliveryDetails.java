package io.jenkins.plugins.gitops.pages;

import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.TimelineEntry;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.details.Detail;
import jenkins.model.details.DetailFactory;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Shows the number of images and the last entry of the timeline in the header of Jenkins' build page. */
@Extension
@Restricted(NoExternalUse.class)
@SuppressWarnings("rawtypes")
public final class DeliveryDetails extends DetailFactory<Run> {

    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public List<? extends Detail> createFor(Run target) {
        List<DeliveryDetail> details = new ArrayList<>();
        JobDeliveryAction.delivery(target).ifPresent(delivery -> {
            int images = delivery.getImages().size();
            if (images > 0) {
                details.add(new DeliveryDetail(target, "symbol-cube", Messages.DeliveryDetails_Images(images)));
            }
            List<TimelineEntry> timeline = delivery.getTimeline();
            if (!timeline.isEmpty()) {
                TimelineEntry last = timeline.get(timeline.size() - 1);
                details.add(new DeliveryDetail(target, last.getSymbol(), last.getHeadline()));
            }
        });
        return details;
    }

    /** A few words with a link to the delivery page of the build. */
    private static final class DeliveryDetail extends Detail {

        private final String symbol;
        private final String words;

        DeliveryDetail(Run<?, ?> run, String symbol, String words) {
            super(run);
            this.symbol = symbol;
            this.words = words;
        }

        @Override
        public String getIconClassName() {
            return symbol;
        }

        @Override
        public String getDisplayName() {
            return words;
        }

        @Override
        public String getLink() {
            return "delivery";
        }
    }
}
