package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.TargetState;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The state of one target of a rollout when it was last seen, as {@code build.xml} keeps it. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class SavedTarget {

    private final String name;
    private final String server;
    private final TargetState.State state;
    private final String sync;
    private final String health;
    private final String reason;

    @CheckForNull
    private final String revision;

    /** Missing in what was saved before targets of one name were told apart. */
    @CheckForNull
    private final String namespace;

    SavedTarget(TargetState target) {
        this.name = target.name();
        this.server = target.server();
        this.state = target.state();
        this.sync = target.sync().orElse("");
        this.health = target.health().orElse("");
        this.reason = target.reason();
        this.revision = target.revision().orElse(null);
        this.namespace = target.id().namespace();
    }

    /** The name of the application, after its namespace where the wave has another of that name. */
    @Exported
    public String getName() {
        return name;
    }

    /** The namespace of the application, or null. */
    @CheckForNull
    @Exported
    public String getNamespace() {
        return namespace;
    }

    /** The name of the Argo CD server. */
    @Exported
    public String getServer() {
        return server;
    }

    /** The text of the state: {@code deployed}, {@code out of sync}, {@code degraded}. */
    @Exported
    public String getState() {
        return state.toString();
    }

    /** Argo CD's sync status, or empty. */
    @Exported
    public String getSync() {
        return sync;
    }

    /** Argo CD's health status, or empty. */
    @Exported
    public String getHealth() {
        return health;
    }

    @Exported
    public String getReason() {
        return reason;
    }

    /** The config commit that Argo CD compared it with, or null. */
    @CheckForNull
    @Exported
    public String getRevision() {
        return revision;
    }

    public String getSymbol() { // jelly access only
        return switch (state) {
            case DEPLOYED -> StatusSymbols.DONE;
            case FAILED, DEGRADED, BROKEN, DELETING, MISSING -> StatusSymbols.FAILED;
            default -> StatusSymbols.WAITING;
        };
    }
}
