package sandbox.demo;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Lets the demo wait for conditions. Sources of events signal changes and failures; a failure ends every wait. */
final class ChangeSignal {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private long told;
    private RuntimeException trouble;

    /** Signals an event; the waiting threads check their conditions again. */
    synchronized void tell() {
        told++;
        notifyAll();
    }

    /** Signals a failure. The first one is thrown in every waiting thread. */
    synchronized void tell(RuntimeException trouble) {
        if (this.trouble == null) {
            this.trouble = trouble;
        }
        tell();
    }

    /**
     * Waits until a condition holds, which is checked again at each signal.
     *
     * @param what a clause for the failure, such as "main has moved"
     */
    void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            long seen = seen();
            if (holds.getAsBoolean()) {
                return;
            }
            awaitMore(seen, what, deadline);
        }
    }

    private synchronized long seen() {
        if (trouble != null) {
            throw trouble;
        }
        return told;
    }

    private synchronized void awaitMore(long seen, String what, long deadline) {
        while (told == seen) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new UnexpectedState(
                        "After " + PATIENCE.toSeconds() + " seconds this had not happened: " + what + ".");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnexpectedState("The demo was interrupted while it waited for this: " + what + ".");
            }
        }
    }
}
