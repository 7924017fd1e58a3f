package io.jenkins.plugins.gitops.ci;

import io.jenkins.plugins.gitops.remote.AddressForm;
import java.time.Instant;
import java.util.Optional;

/**
 * The newest state of one check of one commit.
 *
 * @param context the name of the check
 * @param url the address of a page with details, if there is one; another address is left out
 * @param description a short explanation by the check, on one line
 * @param at when the check reported the state
 * @param run the number of the run that reported the state; a higher run wins, whenever it arrives
 */
public record CheckStatus(
        String context, CheckState state, Optional<String> url, Optional<String> description, Instant at, long run) {

    public CheckStatus {
        url = url.flatMap(AddressForm::webPage);
    }

    /** Creates a status without page and explanation. */
    public CheckStatus(String context, CheckState state, Instant at, long run) {
        this(context, state, Optional.empty(), Optional.empty(), at, run);
    }

    /** Returns the same status with another explanation. */
    public CheckStatus explained(String other) {
        return new CheckStatus(context, state, url, Optional.of(other), at, run);
    }

    /** Returns whether the check found a fault or broke down. */
    public boolean isFailed() {
        return state.meaning() == CheckState.Meaning.RED || isBroken();
    }

    /** Returns whether the run broke down before it found anything. */
    boolean isBroken() {
        return state.meaning() == CheckState.Meaning.BROKEN;
    }
}
