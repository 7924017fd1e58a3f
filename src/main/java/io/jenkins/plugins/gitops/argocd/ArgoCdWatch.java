package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.Id;
import java.time.Clock;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Lists the applications of one server again and again, for whoever follows it. */
public final class ArgoCdWatch {

    private static final long INTERVAL_MILLIS = 1000;

    private final ArgoCdServer server;
    private final ScheduledExecutorService timer;
    private final Executor pool;
    private volatile Snapshot snapshot = Snapshot.NOTHING;

    public ArgoCdWatch(ArgoCdServer server, Clock clock, ScheduledExecutorService timer, Executor pool) {
        this.server = server;
        this.timer = timer;
        this.pool = pool;
    }

    /** Follows the server; the observer hears of each change on the pool. */
    public Following follow(Runnable changed) {
        ScheduledFuture<?> looks = timer.scheduleWithFixedDelay(
                () -> pool.execute(() -> look(changed)), 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        return () -> looks.cancel(false);
    }

    private void look(Runnable changed) {
        server.list().whenComplete((listing, failure) -> {
            Snapshot before = snapshot;
            if (failure == null) {
                var applications = new TreeMap<Id, Application>();
                listing.applications().forEach(each -> applications.put(each.application().id(), each.application()));
                snapshot = new Snapshot(applications, true, null);
            } else {
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                snapshot = new Snapshot(before.applications(), before.read(), cause.getMessage());
            }
            if (!snapshot.equals(before)) {
                pool.execute(changed);
            }
        });
    }

    /** The applications as they were last seen. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** Has Argo CD compare an application with git again. */
    public void refresh(Id application) {
        Application known = snapshot.applications().get(application);
        if (known != null) {
            pool.execute(() -> server.get(application, known.project(), true));
        }
    }

    /** It looks every second anyway. */
    public void lookNow() {}
}
