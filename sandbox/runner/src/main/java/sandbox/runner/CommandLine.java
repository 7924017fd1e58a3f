package sandbox.runner;

import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import sandbox.casc.CascException;

/** The arguments of a command: options with one value each, and positional arguments. */
final class CommandLine {
    private static final int WRONG_USAGE = 64;

    private final String command;
    private final Map<String, String> options = new HashMap<>();
    private final List<String> rest = new ArrayList<>();

    /**
     * Reads arguments.
     *
     * @param command the name of the command, for error messages
     * @param known the options of the command, with dashes
     * @param rest the maximum number of positional arguments
     */
    CommandLine(String command, List<String> known, int rest, String... given) throws UsageException {
        this.command = command;
        Deque<String> left = new ArrayDeque<>(List.of(given));
        while (!left.isEmpty()) {
            String next = left.pop();
            if (known.contains(next)) {
                if (left.isEmpty()) {
                    throw new UsageException(next + " needs a value.");
                }
                options.put(next, left.pop());
            } else if (!next.startsWith("-") && this.rest.size() < rest) {
                this.rest.add(next);
            } else {
                throw new UsageException(command + " does not know " + next + ".");
            }
        }
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    String needed(String name, String what) throws UsageException {
        return option(name).orElseThrow(() -> new UsageException(command + " needs " + name + " " + what + "."));
    }

    /** The Configuration-as-Code file, a required option. */
    Path casc() throws UsageException {
        return readable("--casc");
    }

    /** A required option that names a readable file. */
    Path readable(String option) throws UsageException {
        Path file = Path.of(needed(option, "FILE"));
        if (!Files.isReadable(file)) {
            throw new UsageException("The file " + file + " cannot be read.");
        }
        return file;
    }

    /** The home of the sandbox; by default {@link RunOptions#HOME}. */
    Path home() {
        return option("--home").map(Path::of).orElse(RunOptions.HOME);
    }

    /** The repository that {@code --repo} names. The configuration must have been applied before. */
    RepositoryDefinition repository() throws UsageException {
        try {
            return GitOpsWavesConfiguration.get().repository(options.get("--repo"));
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage().replace("repo:", "--repo"));
        }
    }

    /** The positional arguments. */
    List<String> rest() {
        return rest;
    }

    /** Executes a command; returns its exit code. */
    interface Command {
        int run() throws UsageException, GitOpsException, ExecutionException, InterruptedException, IOException;
    }

    /** Runs a command and prints its error message if it fails; returns its exit code. */
    static int run(String usage, Command command) throws InterruptedException {
        try {
            return command.run();
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.err.println("Usage: sandbox/gitops " + usage);
            return WRONG_USAGE;
        } catch (ExecutionException e) {
            System.err.println(e.getCause().getMessage());
        } catch (GitOpsException | CascException | IOException e) {
            System.err.println(e.getMessage());
        }
        return 1;
    }
}
