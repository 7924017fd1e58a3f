package sandbox.demo;

import java.io.PrintStream;
import java.util.List;

/** The output of the demo. */
final class DemoScreen {

    private final PrintStream out;
    private final PrintStream errors;
    private final boolean colours;
    private int acts;

    DemoScreen(PrintStream out, PrintStream errors, boolean colours) {
        this.out = out;
        this.errors = errors;
        this.colours = colours;
    }

    void say(String line) {
        out.println(line);
    }

    void act(String title) {
        acts++;
        out.println();
        out.println(in("1", acts + "  " + title));
    }

    /** Prints an action. */
    void deed(String sentence) {
        out.println(in("2", "   · " + sentence));
    }

    /** Prints a statement that was checked; the demo ends if it does not hold. */
    void fact(boolean holds, String sentence) {
        if (!holds) {
            throw new UnexpectedState("This does not hold: " + sentence);
        }
        out.println("   " + in("32", "✓") + " " + sentence);
    }

    void heading(String title) {
        out.println();
        out.println(in("1", title));
    }

    /** Prints a command that the reader can repeat, and its output. */
    void command(String command, List<String> output) {
        out.println(in("2", "   $ " + command));
        output.forEach(line -> out.println(("   " + line).stripTrailing()));
    }

    void failure(String sentence) {
        out.flush();
        errors.println();
        errors.println(in("31", "The demo failed. ") + sentence);
    }

    /** Prints an unexpected failure with its stack trace. */
    void failure(Exception unexpected) {
        failure(unexpected.toString());
        unexpected.printStackTrace(errors);
    }

    private String in(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
