package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What somebody wants a promotion job to do, and the parameters by which the job is told.
 *
 * @param repository the name of the config repository
 * @param operation what is wanted
 * @param from the wave that is promoted from; of a rollback the wave itself
 * @param wave the wave that is promoted to, or rolled back
 * @param set the name of the image set, or null for the only one
 * @param revision the full SHA of the config commit whose set is meant
 */
@Restricted(NoExternalUse.class)
public record PromotionJobParameters(
        String repository,
        Operation operation,
        String from,
        String wave,
        @CheckForNull String set,
        String revision) {

    /** What a promotion job can be wanted to do. */
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

    /** The parameters of the build; all are there, the set is empty where there is only one. */
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
