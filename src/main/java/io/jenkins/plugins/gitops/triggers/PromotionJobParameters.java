package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The parameters of a build of a promotion job.
 *
 * @param repository the name of the config repository
 * @param from the wave to promote from; of a rollback the wave itself
 * @param wave the wave to promote to, or to roll back
 * @param set the name of the image set, or null for the only one
 * @param revision the full SHA of the config commit that has the set
 */
@Restricted(NoExternalUse.class)
public record PromotionJobParameters(
        String repository,
        Operation operation,
        String from,
        String wave,
        @CheckForNull String set,
        String revision) {

    /** What the promotion job does. */
    public enum Operation {
        PROMOTE,
        ROLLBACK
    }

    public PromotionJobParameters(
            String repository, Operation operation, String from, String wave, @Nullable String set, String revision) {
        this.repository = repository;
        this.operation = operation;
        this.from = from;
        this.wave = wave;
        this.set = set;
        this.revision = revision;
    }

    /** The parameters by their names in the build. All are present; the set is an empty text if it has no name. */
    public Map<String, String> parameters() {
        return new TreeMap<>(Map.of(
                "GITOPS_REPOSITORY", repository,
                "GITOPS_OPERATION", operation == Operation.ROLLBACK ? "rollback" : "promote",
                "GITOPS_FROM", from,
                "GITOPS_WAVE", wave,
                "GITOPS_SET", Objects.requireNonNullElse(set, ""),
                "GITOPS_REVISION", revision));
    }
}
