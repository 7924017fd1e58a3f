package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The parameters of a build of a promotion job. Jobs hand them to shells, so they may only be names and a SHA,
 * whichever way they were passed; the constructor throws an {@link IllegalArgumentException} for others.
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

    private static final Predicate<String> NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}").asMatchPredicate();

    /** The operation of a promotion job. */
    public enum Operation {
        PROMOTE,
        ROLLBACK
    }

    public PromotionJobParameters(
            String repository, Operation operation, String from, String wave, @Nullable String set, String revision) {
        for (String name : new String[] {repository, from, wave, Objects.requireNonNullElse(set, "unnamed")}) {
            if (!NAME.test(name)) {
                throw new IllegalArgumentException("\"" + SingleLine.excerpt(name)
                        + "\" is not handed to a promotion job: it is not a name of a repository, wave or image set.");
            }
        }
        if (!CommitSha.isFull(revision)) {
            throw new IllegalArgumentException("\"" + SingleLine.excerpt(revision)
                    + "\" is not handed to a promotion job: it is no full commit SHA.");
        }
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
