package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import sandbox.demo.ConfigReader.Decided;

/** What the config repository says when everything is over, for the reader to look at. */
final class Ending {

    private final Screen screen;
    private final ConfigReader config;

    Ending(Screen screen, ConfigReader config) {
        this.screen = screen;
        this.config = config;
    }

    void show() {
        screen.heading("What staging runs now, says main of cfg-app.git");
        config.images("main").forEach((service, image) -> {
            screen.say(String.format("   %-10s %s", service, image.tag()));
            screen.say(String.format("   %-10s %s", "", image.digest()));
        });

        screen.heading("Its log, with the trailers of each change and the evidence that it was green");
        String log = "--format=%h  %s, by %an%n%w(0,4,4)%(trailers:only)%N";
        screen.command(
                "git log --notes=" + ConfigReader.NOTES + " '" + log + "' main",
                config.lines("log", "--notes=" + ConfigReader.NOTES, log, "main"));

        screen.heading("How every change ended, says the state ref");
        for (Decided change : config.decided()) {
            screen.say(String.format(
                    "   %s  %-10s %s", shortened(change.sha()), change.outcome(), change.subject()));
            screen.say("               " + change.reason());
        }

        screen.heading("Who decided what, says the log of the state ref");
        String decisions = "--format=%h  %an %s";
        screen.command(
                "git log --reverse '" + decisions + "' " + ConfigReader.STATE,
                config.lines("log", "--reverse", decisions, ConfigReader.STATE));
    }
}
