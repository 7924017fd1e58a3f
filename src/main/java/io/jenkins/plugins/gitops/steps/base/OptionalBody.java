package io.jenkins.plugins.gitops.steps.base;

/** Support of steps that take a block or not, which Pipeline does not provide for. */
public final class OptionalBody {

    private OptionalBody() {}

    /**
     * The value of {@code takesImplicitBlockArgument} for such a step. Pipeline calls that method when it parses the
     * arguments, to accept a block, and again if there was none, to require one. This returns true only for the first
     * call, which comes from {@code DSL.parseArgs} of workflow-cps.
     */
    public static boolean acceptsBlock() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(2).findFirst())
                .filter(asking -> asking.getMethodName().equals("parseArgs"))
                .isPresent();
    }
}
