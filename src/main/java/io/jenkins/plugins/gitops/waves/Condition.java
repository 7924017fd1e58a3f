package io.jenkins.plugins.gitops.waves;

import java.io.Serializable;

/**
 * Something that must hold before a promotion may happen.
 *
 * @param name what is asked, the same for ever
 * @param met whether it holds
 * @param seen what was seen, in a sentence
 */
public record Condition(String name, boolean met, String seen) implements Serializable {

    /** Every target of the wave it comes from runs one set, and is healthy. */
    public static final String DEPLOYED = "deployed and healthy";

    /** No newer set was promoted there before. */
    public static final String NOT_OLDER = "not older";

    /** There would be something to change. */
    public static final String DIFFERS = "content differs";
}
