package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.Serializable;
import java.time.Instant;

/**
 * Something that must hold before a promotion may happen.
 *
 * @param name what it is called, the same for ever
 * @param met whether it holds
 * @param asked what must hold, in a few words
 * @param seen what was seen, in a sentence
 * @param nextLook when time alone may change it, or null if it takes something else
 */
public record PromotionCondition(
        String name,
        boolean met,
        String asked,
        String seen,
        @CheckForNull Instant nextLook) implements Serializable {

    /** So many targets of the wave it comes from as are required run one set, and are healthy. */
    public static final String DEPLOYED = "deployed and healthy";

    /** The set ran in the wave it comes from for long enough. */
    public static final String SOAK = "soak";

    /** No newer set was promoted there before. */
    public static final String NOT_OLDER = "not older";

    /** None of the images was rejected. */
    public static final String REJECTED = "rejected digests";

    /** Nobody holds the wave. */
    public static final String HOLD = "hold";

    /** It is the time for promotions. */
    public static final String WINDOW = "window";

    /** No set soaks there that would never get through if another took its place. */
    public static final String INTAKE = "intake";

    /** The commit of a rollback is on main. */
    public static final String EARLIER = "earlier set";

    /** There would be something to change. */
    public static final String DIFFERS = "content differs";

    public PromotionCondition(String name, boolean met, String asked, String seen, @Nullable Instant nextLook) {
        this.name = name;
        this.met = met;
        this.asked = asked;
        this.seen = seen;
        this.nextLook = nextLook;
    }

    /** One that time alone does not change. */
    public PromotionCondition(String name, boolean met, String asked, String seen) {
        this(name, met, asked, seen, null);
    }
}
