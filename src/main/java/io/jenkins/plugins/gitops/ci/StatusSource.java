package io.jenkins.plugins.gitops.ci;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Somebody who can be asked for the check results of commits. */
public interface StatusSource {

    /** The name by which required checks are bound to it, such as {@code github}. */
    String name();

    /**
     * Asks what is said of a commit. May be called from anywhere and holds no thread; fails with
     * {@link io.jenkins.plugins.gitops.common.ForgeUnavailable} and nothing else.
     *
     * @param sha 40 hexadecimal digits; what is said of another commit counts for nothing
     * @param branches those that it was pushed on
     */
    CompletableFuture<Answer> ask(String sha, Set<String> branches);

    /**
     * What a source answered.
     *
     * @param said the latest of each check and app
     * @param pause how far apart it wants such questions to be, so that what it grants lasts; shared by all who ask it
     */
    record Answer(List<CheckResult> said, Duration pause) {
        public Answer {
            said = List.copyOf(said);
        }
    }
}
