package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.Serializable;
import java.time.Instant;

/**
 * A condition of a promotion and the result of its last evaluation.
 *
 * @param name one of the constants; saved with builds and returned by steps, so that it must not change
 * @param met whether the condition holds
 * @param asked what the condition requires, in a few words
 * @param seen what was found, in a sentence
 * @param nextLook the next time at which the result may change although nothing else does, or null if there is none
 */
public record PromotionCondition(
        String name,
        boolean met,
        String asked,
        String seen,
        @CheckForNull Instant nextLook) implements Serializable {

    /** The required targets of the previous wave run one set and are healthy. */
    public static final String DEPLOYED = "deployed and healthy";

    /** The set ran in the previous wave for the configured time. */
    public static final String SOAK = "soak";

    /** The verifications of the previous wave succeeded for the set. */
    public static final String VERIFIED = "verified";

    /** Enough people approved the set. */
    public static final String APPROVED = "approved";

    /** The beginning of the name of a condition for which another system is asked; its own name follows. */
    public static final String GATE = "gate ";

    /** No newer set was promoted to the wave before. */
    public static final String NOT_OLDER = "not older";

    /** The wave did not have the same commit of the application before, and something newer since. */
    public static final String NOT_REDELIVERED = "not delivered before";

    /** None of the images is rejected. */
    public static final String REJECTED = "rejected digests";

    /** Each image has a signature of one of the repository's keys. */
    public static final String SIGNED = "signed";

    /** The wave is not held. */
    public static final String HOLD = "hold";

    /** A promotion window of the wave is open. */
    public static final String WINDOW = "window";

    /** No set soaks in the wave for another wave that freezes the intake meanwhile. */
    public static final String INTAKE = "intake";

    /** The commit of a rollback is on main. */
    public static final String EARLIER = "earlier set";

    /** The wave has other images than the set. */
    public static final String DIFFERS = "something to promote";

    public PromotionCondition(String name, boolean met, String asked, String seen, @Nullable Instant nextLook) {
        this.name = name;
        this.met = met;
        this.asked = asked;
        this.seen = seen;
        this.nextLook = nextLook;
    }

    /** Creates a condition whose result does not change with time alone. */
    public PromotionCondition(String name, boolean met, String asked, String seen) {
        this(name, met, asked, seen, null);
    }
}
