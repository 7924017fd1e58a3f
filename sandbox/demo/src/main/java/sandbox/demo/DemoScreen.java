package sandbox.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** The output of the demo. */
final class DemoScreen {

    private final PrintStream out;
    private final PrintStream errors;
    private final boolean colours;
    private final boolean verbose;
    private final List<ToldScene> scenes = new ArrayList<>();
    private int facts;

    /** @param verbose whether the evidence is printed too: each action, each fact, logs of git */
    DemoScreen(PrintStream out, PrintStream errors, boolean colours, boolean verbose) {
        this.out = out;
        this.errors = errors;
        this.colours = colours;
        this.verbose = verbose;
    }

    boolean isVerbose() {
        return verbose;
    }

    void say(String line) {
        out.println(line);
    }

    /** Begins a scene. */
    void act(ToldScene scene) {
        scenes.add(scene);
        out.println();
        out.println(in("1", scenes.size() + "  " + scene.title()));
        out.println(in("2", "   with sed && git push: " + scene.otherwise()));
    }

    /** Says what is seen in the scene, which facts have shown; three sentences are enough. */
    void told(String sentence) {
        ToldScene scene = scenes.get(scenes.size() - 1);
        scene.seen().add(sentence);
        out.println("   " + in("32", "✓") + " " + sentence);
    }

    /** Ends a scene. */
    void look() {
        out.println(in("2", "   look at: " + scenes.get(scenes.size() - 1).look()));
    }

    /** An action. */
    void deed(String sentence) {
        if (verbose) {
            out.println(in("2", "   · " + sentence));
        }
    }

    /** A statement that was checked, the evidence of what is told; the demo ends if it does not hold. */
    void fact(boolean holds, String sentence) {
        if (!holds) {
            throw new UnexpectedState("This does not hold: " + sentence);
        }
        facts++;
        if (verbose) {
            out.println(in("2", "     ✓ " + sentence));
        }
    }

    List<ToldScene> scenes() {
        return scenes;
    }

    /** The scenes on one screen. */
    void summary() {
        heading("What was shown, in " + facts + " facts read back with git, from Argo CD and from logs of builds");
        for (int i = 0; i < scenes.size(); i++) {
            out.println(String.format(
                    "   %s %2d  %s", in("32", "✓"), i + 1, scenes.get(i).title()));
        }
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
