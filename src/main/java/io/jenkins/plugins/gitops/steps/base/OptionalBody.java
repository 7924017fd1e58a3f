package io.jenkins.plugins.gitops.steps.base;

/** Steps that are called with a block or without, for which Pipeline has no word. */
public final class OptionalBody {

    private OptionalBody() {}

    /**
     * What the descriptor of such a step answers when it is asked whether it takes a block. Pipeline asks that when it
     * reads the arguments, to know whether a block may be among them, and once more if there was none, to insist on one.
     * Only the first question, which comes from {@code DSL.parseArgs} of workflow-cps, is to be answered with yes.
     */
    public static boolean isAskedFor() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(2).findFirst())
                .filter(asking -> asking.getMethodName().equals("parseArgs"))
                .isPresent();
    }
}
