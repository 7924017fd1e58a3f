package io.jenkins.plugins.gitops.triggers;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.api.GitOpsWavesListener;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.events.WaveEvent;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
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
        if (event.type().endsChange()) {
            tell(event, Messages::EndedChangeListener_After);
        }
    }

    /**
     * Tells the build that made a change, unless it still runs or knows it, and starts jobs.
     *
     * @param line the line of its description, from the outcome and the wave
     */
    private void tell(WaveEvent event, BinaryOperator<String> line) {
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            Optional<Run<?, ?>> build = event.fact("build").flatMap(EndedChangeListener::build);
            // A build that still runs is told by its steps, or when it ends.
            if (build.isPresent() && !build.get().isBuilding() && isNews(build.get(), event, line)) {
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
            parts = URI.create(url)
                    .getPath()
                    .substring(URI.create(root).getPath().length())
                    .split("/");
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

    /** Writes it to the build; returns whether that is new to it. */
    private static boolean isNews(Run<?, ?> build, WaveEvent event, BinaryOperator<String> sentence) {
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
            String line = sentence.apply(
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

    /** Tells a build that ends of its changes that ended while it ran, and for which it did not wait. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class UnawaitedChanges extends RunListener<Run<?, ?>> {

        @Override
        public void onFinalized(Run<?, ?> run) {
            DeliveryAction delivery = run.getAction(DeliveryAction.class);
            if (delivery == null) {
                return;
            }
            for (ChangeEntry change : delivery.getChanges()) {
                if (change.isOpen()) {
                    tellEnd(change);
                }
            }
        }

        private static void tellEnd(ChangeEntry change) {
            DriverRegistry drivers = DriverRegistry.get();
            Optional<RepositoryState> known;
            try {
                known = drivers.state(change.getRepository());
            } catch (IllegalArgumentException e) {
                // The repository is not configured any more.
                return;
            }
            if (known.isPresent()) {
                tellEnd(change, known.get());
            } else {
                // Jenkins has just started.
                drivers.submit(change.getRepository(), new DriverRequest.ReadState())
                        .thenAccept(read -> tellEnd(change, read));
            }
        }

        private static void tellEnd(ChangeEntry change, RepositoryState state) {
            state.history().stream()
                    .filter(decided -> decided.id().equals(change.getId()))
                    .findFirst()
                    .map(decided -> WaveEvent.endOf(decided, change.getRepository(), Optional.of(decided.by())))
                    .ifPresent(event -> ExtensionList.lookupSingleton(EndedChangeListener.class)
                            .tell(event, Messages::EndedChangeListener_Meanwhile));
        }
    }
}
