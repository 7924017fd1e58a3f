package sandbox.demo;

import java.io.PrintStream;
import java.util.List;

/** What the reader of the demo sees. */
final class Screen {

    private final PrintStream out;
    private final boolean colours;
    private int acts;

    Screen(PrintStream out, boolean colours) {
        this.out = out;
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

    /** What someone does. */
    void deed(String sentence) {
        out.println(in("2", "   · " + sentence));
    }

    /** What was read; it has to hold, or the demo ends here. */
    void fact(boolean holds, String sentence) {
        if (!holds) {
            throw new Surprise("This does not hold: " + sentence);
        }
        out.println("   " + in("32", "✓") + " " + sentence);
    }

    void heading(String title) {
        out.println();
        out.println(in("1", title));
    }

    /** A command that the reader can repeat, and what it printed. */
    void command(String command, List<String> output) {
        out.println(in("2", "   $ " + command));
        output.forEach(line -> out.println(("   " + line).stripTrailing()));
    }

    void failure(String sentence) {
        out.flush();
        System.err.println();
        System.err.println(in("31", "The demo failed. ") + sentence);
    }

    private String in(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
