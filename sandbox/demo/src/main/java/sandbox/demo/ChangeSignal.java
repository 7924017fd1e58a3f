package sandbox.demo;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Where the demo waits: whatever can make a condition true tells of it here, and trouble ends every wait. */
final class ChangeSignal {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private long told;
    private RuntimeException trouble;

    /** Something has happened; those who wait look again. */
    synchronized void tell() {
        told++;
        notifyAll();
    }

    /** Something has happened that must not; the first of it is thrown to those who wait. */
    synchronized void tell(RuntimeException trouble) {
        if (this.trouble == null) {
            this.trouble = trouble;
        }
        tell();
    }

    /**
     * Waits until something holds that can change when there are news.
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
