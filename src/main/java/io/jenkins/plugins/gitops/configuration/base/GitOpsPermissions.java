package io.jenkins.plugins.gitops.configuration.base;

import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The permissions of the plugin's pages. Promote implies Hold, and Hold implies View. Approve is apart from them. These
 * four can be granted on a folder, too, for the repositories that name it. Steps check none of them: a job may do what
 * {@code allowedJobs} allows, whoever starts its builds.
 */
@Restricted(NoExternalUse.class)
public final class GitOpsPermissions {

    private static final PermissionGroup GROUP =
            new PermissionGroup(GitOpsPermissions.class, Messages._GitOpsPermissions_Group());

    /** To start a wave's promotion job from the page, to promote into the wave or to roll it back. */
    public static final Permission PROMOTE = new Permission(
            GROUP, "Promote", Messages._GitOpsPermissions_Promote(), Jenkins.ADMINISTER, PermissionScope.ITEM_GROUP);

    /** To hold a wave and to release it, and to reject images. */
    public static final Permission HOLD =
            new Permission(GROUP, "Hold", Messages._GitOpsPermissions_Hold(), PROMOTE, PermissionScope.ITEM_GROUP);

    /** To approve sets for waves that ask for approvals, as one of those whom the wave names. */
    public static final Permission APPROVE = new Permission(
            GROUP, "Approve", Messages._GitOpsPermissions_Approve(), Jenkins.ADMINISTER, PermissionScope.ITEM_GROUP);

    /** To see the state of repositories: images, queues, targets, and the names of the builds behind them. */
    public static final Permission VIEW =
            new Permission(GROUP, "View", Messages._GitOpsPermissions_View(), HOLD, PermissionScope.ITEM_GROUP);

    /** To configure repositories, waves and servers. */
    public static final Permission CONFIGURE = new Permission(
            GROUP, "Configure", Messages._GitOpsPermissions_Configure(), Jenkins.ADMINISTER, PermissionScope.JENKINS);

    private GitOpsPermissions() {}

    /**
     * Makes Jenkins load this class, which registers the permissions, before Configuration as Code grants them: an
     * unknown permission keeps Jenkins from starting.
     */
    @Initializer(after = InitMilestone.PLUGINS_STARTED, before = InitMilestone.EXTENSIONS_AUGMENTED)
    public static void register() {
        // Loading the class has registered the permissions.
    }
}
