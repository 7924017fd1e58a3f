package io.jenkins.plugins.gitops.delivery;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Decides between the execution and the withdrawal of a request to a driver that happen at the same time. A request
 * that was withdrawn is never carried out later; one that the driver has taken is. Thread-safe.
 */
public final class RequestWithdrawal {

    private enum State {
        WAITING,
        TAKEN,
        WITHDRAWN
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    /** Takes the request, before anything is done for it. Returns false if it was withdrawn. */
    public boolean take() {
        return state.compareAndSet(State.WAITING, State.TAKEN) || state.get() == State.TAKEN;
    }

    /** Withdraws the request. Returns false if it was taken: then it is, or will be, carried out or answered. */
    public boolean withdraw() {
        return state.compareAndSet(State.WAITING, State.WITHDRAWN) || state.get() == State.WITHDRAWN;
    }

    public boolean isWithdrawn() {
        return state.get() == State.WITHDRAWN;
    }
}
