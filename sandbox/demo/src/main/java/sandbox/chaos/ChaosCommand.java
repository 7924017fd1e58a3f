package sandbox.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * The command {@code sandbox/gitops chaos [--seed N] [--minutes M]}: runs two {@code serve} processes on one
 * repository, injects faults, and checks the repository with git afterwards. Exits with 1 if a rule was broken.
 */
public final class ChaosCommand {
    private static final int WRONG_USAGE = 64;
    private static final String USAGE = """
            Usage: sandbox/gitops chaos [--seed N] [--minutes M]
              Two serve processes on one bare repository behind a git server over HTTP, for M minutes (2 if not given):
              they are killed and their clones damaged, people push to main and auto, rewind and reset them, CI says
              green, red, late and twice, the server fails, images are announced. Then everything comes to rest, and
              git is asked whether each rule held. What happens is decided by the seed; when, by the machine.
            """;

    private ChaosCommand() {}

    public static void main(String[] arguments) throws Exception {
        long seed = new Random().nextInt(1_000_000);
        String minutes = "2";
        for (int i = 0; i < arguments.length; i += 2) {
            if (List.of("--help", "-h").contains(arguments[i])) {
                System.out.print(USAGE);
                return;
            }
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            boolean valid =
                    switch (arguments[i]) {
                        case "--seed" -> value.matches("\\d{1,9}");
                        case "--minutes" -> value.matches("\\d{1,9}(\\.\\d{1,3})?");
                        default -> false;
                    };
            if (!valid) {
                System.err.println("sandbox/gitops chaos takes --seed N and --minutes M, not "
                        + String.join(" ", List.of(arguments).subList(i, arguments.length)) + ".");
                System.exit(WRONG_USAGE);
            }
            if (arguments[i].equals("--seed")) {
                seed = Long.parseLong(value);
            } else {
                minutes = value;
            }
        }
        Path folder = Files.createTempDirectory("gitops-chaos").toRealPath();
        System.out.println("Seed " + seed + ", " + minutes + " minutes, in " + folder);
        List<String> broken;
        try (var run = new ChaosRun(folder, seed)) {
            // A signal ends the serve processes as well.
            Runtime.getRuntime().addShutdownHook(new Thread(run::close));
            broken = run.run(Duration.ofMillis(Math.round(Double.parseDouble(minutes) * 60_000)));
        }
        broken.forEach(sentence -> System.out.println("BROKEN: " + sentence));
        System.out.println(broken.isEmpty() ? "Every rule held." : "Everything is kept in " + folder + ".");
        if (broken.isEmpty()) {
            FolderRemoval.of(folder);
        }
        System.exit(broken.isEmpty() ? 0 : 1);
    }
}
