package io.jenkins.plugins.gitops.matching;

/**
 * How many steps may still be spent on a text that others wrote. It bounds the time of an algorithm whose work such a
 * text can make grow faster than its size. Used by one thread.
 */
public final class WorkBudget {

    private long left;

    /** Creates a budget of that many steps, each of some nanoseconds. */
    public WorkBudget(long steps) {
        this.left = steps;
    }

    /**
     * Takes steps from the budget.
     *
     * @throws ExceededException if it has not as many left
     */
    public void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new ExceededException();
        }
    }

    /** The budget is spent; who set it says what cannot be done. */
    public static final class ExceededException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public ExceededException() {
            super("The work that is allowed for it is spent.", null, false, false);
        }
    }
}
