package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.security.Permission;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The actions on a config repository, and what each requires: fields of the configuration, see {@link Extent}, that
 * name the job; and a permission of a user of the pages. {@code docs/security.md} has this table.
 */
@Restricted(NoExternalUse.class)
public enum RepositoryPower {
    READ(Extent.REPOSITORY, GitOpsPermissions.VIEW, "read", "read the state, and be started by announced images"),
    WAIT(Extent.REPOSITORY, null, "wait for", "wait for a change or a rollout"),
    COMMIT(Extent.WAVE, null, "write into", "commit images and files for a wave"),
    PROMOTE(Extent.WAVE, GitOpsPermissions.PROMOTE, "promote into", "promote into a wave, and be started to do so"),
    ROLL_BACK(Extent.WAVE, GitOpsPermissions.PROMOTE, "roll back", "roll a wave back"),
    GENERATE(Extent.REPOSITORY, null, "generate files of", "generate files, as the job that `generator` names"),
    EVICT(Extent.WAVE, null, "evict changes of", "take a change of a wave out of the queue"),
    SYNC(Extent.WAVE, null, "synchronise targets of", "have Argo CD synchronise applications of a wave"),
    HOLD(Extent.WAVE, GitOpsPermissions.HOLD, "hold", "hold a wave"),
    RELEASE(Extent.WAVE, GitOpsPermissions.HOLD, "release", "release a wave"),
    REJECT(Extent.EVERY_WAVE, GitOpsPermissions.HOLD, "reject images of", "reject images, in every wave"),
    ACCEPT(
            Extent.EVERY_WAVE,
            GitOpsPermissions.HOLD,
            "accept rejected images of",
            "take a rejection of images back, in every wave"),
    APPROVE(
            Extent.WAVE,
            GitOpsPermissions.APPROVE,
            "record approvals for",
            "record the approval of whoever started the build"),
    VERIFY(
            Extent.WAVE,
            GitOpsPermissions.HOLD,
            "report verifications of",
            "report a verification of a wave, or have it done again"),
    RUN_VERIFICATION(
            Extent.REPOSITORY,
            null,
            "verify waves of",
            "be started to verify what a wave runs, as `verifications` name it"),
    REPORT(Extent.CHECK, null, "report checks of", "say whether a required check is green"),
    ACCEPT_MAIN(Extent.NO_JOB, Jenkins.ADMINISTER, "accept main of", "accept a main branch that was rewritten"),
    REPAIR_STATE(Extent.NO_JOB, Jenkins.ADMINISTER, "repair the state of", "repair a state that cannot be read");

    /** The fields of the configuration that must name a job. */
    public enum Extent {
        REPOSITORY("`allowedJobs` of the repository"),
        WAVE("`allowedJobs` of the repository and of the wave"),
        EVERY_WAVE("`allowedJobs` of the repository and of every wave"),
        CHECK("`reporters` of the check; where it has none, `allowedJobs` of the repository"),
        NO_JOB("no job may");

        private final String description;

        Extent(String description) {
            this.description = description;
        }

        /** The fields, in words for users. */
        public String description() {
            return description;
        }
    }

    private final Extent extent;
    private final Optional<Permission> permission;
    private final String verb;
    private final String description;

    RepositoryPower(Extent extent, @Nullable Permission permission, String verb, String description) {
        this.extent = extent;
        this.permission = Optional.ofNullable(permission);
        this.verb = verb;
        this.description = description;
    }

    public Extent extent() {
        return extent;
    }

    /** The permission that a user of the pages needs; empty if no page offers it. */
    public Optional<Permission> permission() {
        return permission;
    }

    /** The action as a verb with its preposition, for a sentence about a wave or repository. */
    public String verb() {
        return verb;
    }

    /** The action, in words for users. */
    public String description() {
        return description;
    }

    /** Whether the present user may take the action on the pages of all repositories. */
    public boolean isPermitted() {
        return permission.isPresent() && Jenkins.get().hasPermission(permission.get());
    }

    /**
     * Whether the present user may take the action on the pages of the repositories of a folder: by a permission of
     * Jenkins, or of the folder.
     *
     * @param folder its full name; null for none
     */
    public boolean isPermitted(@CheckForNull String folder) {
        return isPermitted()
                || folder != null
                        && permission.isPresent()
                        && VisibleItems.findFolderAsController(folder)
                                .filter(found -> found.hasPermission(permission.get()))
                                .isPresent();
    }

    /** Throws an exception unless the present user may take the action on the pages of all repositories. */
    public void checkPermission() {
        Jenkins.get()
                .checkPermission(permission.orElseThrow(
                        () -> new IllegalStateException("No page offers to " + description + ".")));
    }
}
