package io.jenkins.plugins.gitops.runtime.events;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ProxyConfiguration;
import io.jenkins.plugins.gitops.api.GitOpsWavesListener;
import io.jenkins.plugins.gitops.common.HexDigest;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.SecretScopeConflicts;
import io.jenkins.plugins.gitops.configuration.base.SharedSecret;
import io.jenkins.plugins.gitops.configuration.repository.NotificationDefinition;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RoundListener;
import io.jenkins.plugins.gitops.events.EventCursor;
import io.jenkins.plugins.gitops.events.EventFeed;
import io.jenkins.plugins.gitops.events.EventSink;
import io.jenkins.plugins.gitops.events.LiveEvents;
import io.jenkins.plugins.gitops.events.WaveEvent;
import io.jenkins.plugins.gitops.events.WebhookSink;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import javax.crypto.Mac;
import jenkins.model.Jenkins;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Delivers the events of one repository to the listeners of this controller and to the receivers of its webhooks. */
@Restricted(NoExternalUse.class)
public final class RepositoryEvents implements RoundListener {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final String repository;
    private final Clock clock;
    private final String controller;
    private final List<EventFeed> feeds;

    // Used by the thread of the driver.
    @CheckForNull
    private RepositoryState last;

    @CheckForNull
    private String rewritten;

    private RepositoryEvents(String repository, Clock clock, String controller, List<EventFeed> feeds) {
        this.repository = repository;
        this.clock = clock;
        this.controller = controller;
        this.feeds = List.copyOf(feeds);
    }

    /**
     * Begins to tell the events of a repository.
     *
     * @param timer starts to tell again what was not taken; is never blocked
     * @param threads runs what tells, which may block
     * @param controller the URL of this controller
     */
    public static RepositoryEvents open(
            RepositoryDefinition configured,
            Clock clock,
            ScheduledExecutorService timer,
            Executor threads,
            String controller) {
        RepositorySettings settings = configured.toSettings();
        String name = settings.name();
        Path folder =
                Jenkins.get().getRootDir().toPath().resolve("gitops-waves").resolve(name + ".events");
        var sinks = new ArrayList<EventSink>();
        sinks.add(new ListenerSink());
        var files = new ArrayList<String>();
        files.add("listeners");
        if (!configured.getNotifications().isEmpty()) {
            HttpClient client = ProxyConfiguration.newHttpClientBuilder()
                    .connectTimeout(CONNECT)
                    .build();
            for (NotificationDefinition notification : configured.getNotifications()) {
                sinks.add(
                        new WebhookSink(notification.toSettings(), controller, client, () -> mac(notification), clock));
                files.add(
                        HexDigest.sha256(String.valueOf(notification.getUrl())).substring(0, 16));
            }
        }
        var feeds = new ArrayList<EventFeed>();
        for (int i = 0; i < sinks.size(); i++) {
            var cursor = new EventCursor(folder.resolve(files.get(i) + ".json"));
            feeds.add(new EventFeed(settings, sinks.get(i), cursor, clock, timer, threads));
        }
        return new RepositoryEvents(name, clock, controller, feeds);
    }

    private static Mac mac(NotificationDefinition notification) throws IOException {
        String id = String.valueOf(notification.getSecretId());
        SharedSecret secret = SharedSecret.find(id)
                .orElseThrow(() -> new IOException("there is no secret text \"" + id
                        + "\", without which nothing is sent; an administrator adds it, or corrects secretId."));
        if (SecretScopeConflicts.authenticatesSenders(secret)) {
            throw new IOException("its secret \"" + id + "\" is also one that senders of requests prove, so nothing is"
                    + " signed with it; an administrator gives each a secret of its own.");
        }
        return secret.standardMac();
    }

    /** Calls the extensions of this controller. */
    private record ListenerSink() implements EventSink {

        @Override
        public boolean wants(WaveEvent event) {
            return true;
        }

        @Override
        public void deliver(WaveEvent event) {
            GitOpsWavesListener.tellAll(event);
        }

        @Override
        public String toString() {
            return "This controller";
        }
    }

    @Override
    public void ended(RepositoryState found, Repository clone, ObjectId state) {
        if (last != null) {
            LiveEvents.between(last, found).forEach(this::tell);
        }
        last = found;
        rewritten = null;
        feeds.forEach(feed -> feed.stateIs(clone, state));
    }

    @Override
    public void mainRewritten(String sentence) {
        if (!sentence.equals(rewritten)) {
            rewritten = sentence;
            tell(LiveEvents.mainRewritten(repository, clock.instant(), sentence));
        }
    }

    /** A webhook of a forge misses changes. */
    public void hookMissing(String source) {
        tell(LiveEvents.hookMissing(repository, clock.instant(), source, controller));
    }

    private void tell(WaveEvent event) {
        feeds.forEach(feed -> feed.offer(event));
    }

    /** Why receivers take nothing at the moment, a sentence for each that does not. */
    public List<String> problems() {
        return feeds.stream().map(EventFeed::problem).flatMap(Optional::stream).toList();
    }

    @Override
    public void closed() {
        feeds.forEach(EventFeed::close);
    }
}
