package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.common.CommitSha;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** How far one target was when it was last seen, kept in plain texts in {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class DeliveredTarget {

    private final String name;
    private final String server;
    private final String state;
    private final String sync;
    private final String health;
    private final String reason;

    @CheckForNull
    private final String revision;

    DeliveredTarget(TargetState target) {
        this.name = target.name();
        this.server = target.server();
        this.state = target.state().toString();
        this.sync = target.sync();
        this.health = target.health();
        this.reason = target.reason();
        this.revision = target.revision();
    }

    @Exported
    public String getName() {
        return name;
    }

    @Exported
    public String getServer() {
        return server;
    }

    /** {@code deployed}, {@code late}, {@code degraded} and so on. */
    @Exported
    public String getState() {
        return state;
    }

    /** Argo CD's word for how it compares with git, or empty. */
    @Exported
    public String getSync() {
        return sync;
    }

    /** Argo CD's word for how it is, or empty. */
    @Exported
    public String getHealth() {
        return health;
    }

    @Exported
    public String getReason() {
        return reason;
    }

    @CheckForNull
    @Exported
    public String getRevision() {
        return revision;
    }

    public String getSymbol() { // jelly access only
        if (isDeployed()) {
            return StatusSymbols.DONE;
        }
        return isFailed() ? StatusSymbols.FAILED : StatusSymbols.WAITING;
    }

    public String getShortRevision() { // jelly access only
        return revision == null ? "" : CommitSha.abbreviate(revision);
    }

    private boolean isDeployed() {
        return state.equals(TargetState.State.DEPLOYED.toString());
    }

    private boolean isFailed() {
        return state.equals(TargetState.State.FAILED.toString())
                || state.equals(TargetState.State.DEGRADED.toString())
                || state.equals(TargetState.State.BROKEN.toString())
                || state.equals(TargetState.State.MISSING.toString());
    }
}
