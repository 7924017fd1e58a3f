package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Collection;
import java.util.List;

/**
 * What is known from one source of one commit.
 *
 * @param said the latest of each check; several of one name where several apps said something
 * @param unheard why nothing is known, in a sentence, or null if the source has been asked and said this
 */
public record Heard(List<Said> said, @CheckForNull String unheard) {

    public Heard(List<Said> said, @Nullable String unheard) {
        this.said = List.copyOf(said);
        this.unheard = unheard;
    }

    /** A source has answered. */
    public static Heard of(List<Said> said) {
        return new Heard(said, null);
    }

    /** A source that knows no apps has answered. */
    public static Heard of(Collection<CheckStatus> statuses) {
        return of(statuses.stream().map(status -> new Said(status, Said.NO_APP)).toList());
    }

    /** A source has not answered, for this reason. */
    public static Heard unheard(String why) {
        return new Heard(List.of(), why);
    }
}
