package io.jenkins.plugins.gitops.matching;

/**
 * The number of steps that may still be spent on a text from outside. It bounds the time of an algorithm whose work can
 * grow faster than the size of the text. Used by one thread.
 */
public final class WorkBudget {

    private long left;

    /** Creates a budget of steps; a step takes some nanoseconds. */
    public WorkBudget(long steps) {
        this.left = steps;
    }

    /**
     * Takes steps from the budget.
     *
     * @throws ExceededException if fewer steps are left
     */
    public void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new ExceededException();
        }
    }

    /** The budget is spent. The code that created the budget translates this to an error for users. */
    public static final class ExceededException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public ExceededException() {
            super("The work budget is used up.", null, false, false);
        }
    }
}
