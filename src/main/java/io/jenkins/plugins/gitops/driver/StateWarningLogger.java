package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.delivery.RepositoryState;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.logging.Logger;

/** Logs each unusable file of the state, and each wave to which nothing was promoted for too long, once. */
final class StateWarningLogger {

    private static final Logger LOGGER = Logger.getLogger(StateWarningLogger.class.getName());

    private Set<String> logged = Set.of();

    void log(RepositoryState now) {
        var all = new LinkedHashSet<>(now.problems());
        now.waves().stream().flatMap(wave -> wave.warnings().starved().stream()).forEach(all::add);
        all.stream()
                .filter(sentence -> !logged.contains(sentence))
                .forEach(sentence -> LOGGER.warning(now.repository() + ": " + sentence));
        logged = Set.copyOf(all);
    }
}
