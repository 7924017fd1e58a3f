package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.delivery.RepositoryState;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.logging.Logger;

/** Logs once what of the state cannot be used, and that nothing was promoted to a wave for too long. */
final class WarningLog {

    private static final Logger LOGGER = Logger.getLogger(WarningLog.class.getName());

    private Set<String> logged = Set.of();

    void log(RepositoryState now) {
        var all = new LinkedHashSet<>(now.problems());
        now.waves().stream().flatMap(wave -> wave.starved().stream()).forEach(all::add);
        all.stream()
                .filter(sentence -> !logged.contains(sentence))
                .forEach(sentence -> LOGGER.warning(now.repository() + ": " + sentence));
        logged = Set.copyOf(all);
    }
}
