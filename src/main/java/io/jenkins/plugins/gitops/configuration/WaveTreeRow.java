package io.jenkins.plugins.gitops.configuration;

import io.jenkins.plugins.gitops.waves.Wave;
import java.util.ArrayList;
import java.util.List;

/**
 * A wave in the tree that the form shows, in which each wave is below the one that it promotes from.
 *
 * @param depth the number of waves before it on the way of promotions
 */
public record WaveTreeRow(String name, int depth) {

    /** The rows of the tree of a repository from the top; none if its definition is not valid. */
    static List<WaveTreeRow> of(RepositoryDefinition repository) {
        List<WaveTreeRow> rows = new ArrayList<>();
        try {
            addBelow("", 0, repository.toSettings().waves(), rows);
        } catch (IllegalArgumentException e) {
            // The form shows what is wrong at the field.
        }
        return rows;
    }

    private static void addBelow(String from, int depth, List<Wave> waves, List<WaveTreeRow> rows) {
        for (Wave wave : waves) {
            // A wave with several before it is shown once, below the last of them.
            List<String> before = wave.promotesFrom();
            if (from.equals(before.isEmpty() ? "" : before.get(before.size() - 1))) {
                rows.add(new WaveTreeRow(wave.name(), depth));
                addBelow(wave.name(), depth + 1, waves, rows);
            }
        }
    }

    /** The text before the name that shows the depth. */
    public String getIndent() { // jelly access only
        return "\u00a0".repeat(4 * Math.max(0, depth - 1)) + (depth == 0 ? "" : "\u2514\u2192\u00a0");
    }

    public String getName() { // jelly access only
        return name;
    }
}
