package sandbox.demo;

import io.jenkins.plugins.gitops.world.Git;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * The main job of GitOps Waves on real repositories, in one run: {@code sandbox/gitops demo [--keep DIR]}. What it says
 * is read back from the repositories, and anything unexpected ends it with exit code 1.
 */
public final class Demo {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 64;

    private Demo() {}

    /**
     * Runs the demo and ends the process.
     *
     * @param arguments the folder of the project, then what was given to {@code sandbox/gitops demo}
     */
    public static void main(String[] arguments) {
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        Path project = Path.of(rest.remove());
        Path keep = null;
        while (!rest.isEmpty()) {
            String option = rest.remove();
            switch (option) {
                case "--keep" -> {
                    if (rest.isEmpty()) {
                        wrongUsage("--keep needs a folder.");
                    }
                    keep = Path.of(rest.remove()).toAbsolutePath();
                }
                case "--serve" -> wrongUsage("--serve comes later; --keep DIR keeps the repositories to look at.");
                default -> wrongUsage("'" + option + "' is not known; the only option is --keep DIR.");
            }
        }
        System.exit(run(project, keep));
    }

    private static void wrongUsage(String sentence) {
        System.err.println("sandbox/gitops demo: " + sentence);
        System.exit(WRONG_USAGE);
    }

    private static int run(Path project, Path keep) {
        Screen screen = new Screen(System.out, System.console() != null && System.getenv("NO_COLOR") == null);
        Instant start = Instant.now();
        Path folder = keep;
        try {
            if (keep == null) {
                folder = Files.createTempDirectory("gitops-demo");
            } else if (Files.exists(keep)) {
                screen.failure("The folder " + keep + " exists; name one that does not, so that nothing is mixed.");
                return WRONG_USAGE;
            } else {
                Files.createDirectories(keep);
            }
            play(screen, project.resolve("docs/examples"), folder.toRealPath(), start);
        } catch (Surprise e) {
            screen.failure(e.getMessage() + "\nEverything is kept in " + folder + ".");
            return FAILED;
        } catch (IOException | RuntimeException e) {
            screen.failure(e + "\nWhat there is so far is kept in " + folder + ".");
            e.printStackTrace();
            return FAILED;
        }
        if (keep == null) {
            delete(folder);
        } else {
            screen.say("Everything is kept in " + folder + "; git/cfg-app.git in it is the config repository.");
        }
        return 0;
    }

    private static void play(Screen screen, Path examples, Path folder, Instant start) throws IOException {
        try (var repositories = new Repositories(folder)) {
            var config = new ConfigReader(repositories.config());
            screen.say("GitOps Waves on real repositories: from an image to a green, fast-forwarded main.");
            screen.say("   app.git      " + repositories.appUrl());
            screen.say("   cfg-app.git  " + repositories.configUrl());
            screen.say("   Git serves them over HTTP with a password. Each ✓ is read back from them with git.");
            try (var pipelines = new Pipelines(examples, folder.resolve("jenkins"), repositories);
                    var ci = new Ci(repositories.tips(), pipelines::test)) {
                Repositories.Clone operator = repositories.startConfig(examples.resolve("cfg-app"));
                Repositories.Clone app = repositories.startApp(examples.resolve("app"));
                String first = Git.run(app.directory(), "rev-parse", "HEAD").strip();
                new Story(screen, app, operator, config, pipelines, ci).tell(first);
                new Ending(screen, config).show();
                screen.say("");
                screen.say("All of it held, in " + Duration.between(start, Instant.now()).toSeconds() + " seconds and "
                        + pipelines.builds() + " builds.");
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("The folder " + folder + " cannot be removed: " + e.getMessage());
        }
    }
}
