package io.jenkins.plugins.gitops.triggers;

import hudson.Extension;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.api.GitOpsWavesListener;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import io.jenkins.plugins.gitops.events.WaveEvent;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Tells a build of this controller that has ended how its change ended: on its page and in its description. Starts the
 * jobs that wait for that.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class EndedChangeListener extends GitOpsWavesListener {

    private static final Logger LOGGER = Logger.getLogger(EndedChangeListener.class.getName());

    private volatile EndedChangeStarter starter = new QueueingEndedChangeStarter();

    /** Replaces what starts builds, where there is no queue of Jenkins. */
    public void setStarter(EndedChangeStarter other) {
        starter = other;
    }

    @Override
    public void onEvent(WaveEvent event) {
        if (!event.type().endsChange()) {
            return;
        }
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            Optional<Run<?, ?>> build = event.fact("build").flatMap(EndedChangeListener::build);
            // A build that still runs is told by its steps.
            if (build.isPresent() && !build.get().isBuilding() && tell(build.get(), event)) {
                startJobs(event);
            }
        }
    }

    /** The build of this controller with that address; its name is taken from the address, part by part. */
    private static Optional<Run<?, ?>> build(String url) {
        String root = Jenkins.get().getRootUrl();
        if (root == null || !url.startsWith(root + "job/")) {
            return Optional.empty();
        }
        String[] parts;
        try {
            parts = URI.create(url).getPath().substring(URI.create(root).getPath().length()).split("/");
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        int at = 0;
        for (; at + 1 < parts.length && parts[at].equals("job"); at += 2) {
            names.add(parts[at + 1]);
        }
        if (at != parts.length - 1 || !parts[at].matches("\\d{1,9}")) {
            return Optional.empty();
        }
        Job<?, ?> job = VisibleItems.find(String.join("/", names), Job.class).orElse(null);
        return job == null ? Optional.empty() : Optional.ofNullable(job.getBuildByNumber(Integer.parseInt(parts[at])));
    }

    /** Returns whether that is new to the build. */
    private static boolean tell(Run<?, ?> build, WaveEvent event) {
        DeliveryAction delivery = build.getAction(DeliveryAction.class);
        try {
            if (delivery == null
                    || !delivery.changeEnded(
                            event.fact("change").orElse(""),
                            event.type().toString(),
                            event.fact("reason").orElse(""),
                            event.at().toEpochMilli())) {
                return false;
            }
            String line = Messages.EndedChangeListener_Description(
                    event.type().toString(), event.path().map(Object::toString).orElse(event.repository()));
            String before = build.getDescription();
            if (before == null || before.isBlank()) {
                build.setDescription(line);
            } else if (!before.contains(line)) {
                build.setDescription(before + "\n" + line);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, build + " cannot be told how its change ended", e);
        }
        return true;
    }

    private void startJobs(WaveEvent event) {
        GitOpsWavesConfiguration.get().getRepositories().stream()
                .filter(known -> event.repository().equals(known.getName()))
                .findFirst()
                .ifPresent(repository -> starter.start(repository, event));
    }
}
