package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import java.util.function.Function;
import sandbox.demo.ArgoReader.Target;
import sandbox.demo.ConfigReader.EndedChange;
import sandbox.demo.ConfigReader.Image;

/** Prints the state of the config repository and of Argo CD at the end of the demo. */
final class ClosingReport {

    private final DemoScreen screen;
    private final ConfigReader config;
    private final ArgoReader argo;

    ClosingReport(DemoScreen screen, ConfigReader config, ArgoReader argo) {
        this.screen = screen;
        this.config = config;
        this.argo = argo;
    }

    void show() {
        screen.heading("The log of main, with the trailers of each change and the evidence that it was green");
        String log = "--format=%h  %s, by %an%n%w(0,4,4)%(trailers:only)%N";
        screen.command(
                "git log --notes=" + ConfigReader.NOTES + " '" + log + "' main",
                config.lines("log", "--notes=" + ConfigReader.NOTES, log, "main"));

        screen.heading("How every change ended, says the state ref");
        for (EndedChange change : config.decided()) {
            screen.say(String.format("   %s  %-10s %s", shortened(change.sha()), change.outcome(), change.subject()));
            screen.say("               " + change.reason());
        }

        screen.heading("Who decided what, says the log of the state ref");
        String decisions = "--format=%h  %an %s";
        screen.command(
                "git log --reverse '" + decisions + "' " + ConfigReader.STATE,
                config.lines("log", "--reverse", decisions, ConfigReader.STATE));

        screen.heading("How the targets are, says Argo CD");
        for (Target target : argo.targets()) {
            screen.say(String.format(
                    "   %-16s %-9s %-9s %s",
                    target.name(), target.sync(), target.health(), shortened(target.revision())));
        }

        screen.heading("What runs where, says main of cfg-app.git");
        screen.say(row("", Function.identity()));
        for (String service : config.images("main", ConfigReader.WAVES.get(0)).keySet()) {
            screen.say(row(service, wave -> shortened(image(wave, service).commit())));
            screen.say(row("", wave -> image(wave, service).shortDigest()));
        }
    }

    private Image image(String wave, String service) {
        return config.images("main", wave).get(service);
    }

    private static String row(String first, Function<String, String> cell) {
        StringBuilder row = new StringBuilder(String.format("   %-10s", first));
        ConfigReader.WAVES.forEach(wave -> row.append(String.format("  %-20s", cell.apply(wave))));
        return row.toString().stripTrailing();
    }
}
