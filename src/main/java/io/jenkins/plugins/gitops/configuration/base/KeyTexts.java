package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Public keys, from YAML, which has a list of them, or from a form, where all are one text. */
@Restricted(NoExternalUse.class)
public final class KeyTexts {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";

    private KeyTexts() {}

    /** Each key by itself: a block from its first to its last line, and each other line that is not blank. */
    public static List<String> split(@CheckForNull List<String> given) {
        List<String> keys = new ArrayList<>();
        for (String text : Util.fixNull(given)) {
            List<String> block = new ArrayList<>();
            for (String line : text.lines().map(String::strip).toList()) {
                if (block.isEmpty() && !line.startsWith(BEGIN)) {
                    if (!line.isEmpty()) {
                        keys.add(line);
                    }
                    continue;
                }
                block.add(line);
                if (line.startsWith(END)) {
                    keys.add(String.join("\n", block));
                    block.clear();
                }
            }
            if (!block.isEmpty()) {
                keys.add(String.join("\n", block));
            }
        }
        return keys;
    }
}
