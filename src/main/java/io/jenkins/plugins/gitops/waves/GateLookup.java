package io.jenkins.plugins.gitops.waves;

import java.util.Optional;

/** The answers of other systems, as far as they are known. No method blocks. */
@FunctionalInterface
public interface GateLookup {

    /** The lookup where no other system is asked. */
    GateLookup NONE = question -> Optional.empty();

    /** The last answer; empty while there is none. A call has the question asked where that is due. */
    Optional<GateAnswer> of(GateQuestion question);
}
