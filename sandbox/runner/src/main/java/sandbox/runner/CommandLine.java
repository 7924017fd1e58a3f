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

/** The arguments of a command: options with a value each, and the rest. */
final class CommandLine {
    private static final int WRONG_USAGE = 64;

    private final String command;
    private final Map<String, String> options = new HashMap<>();
    private final List<String> rest = new ArrayList<>();

    /**
     * Reads arguments.
     *
     * @param command its name, for sentences
     * @param known the options it takes, with their dashes
     * @param rest how many other arguments it takes at most
     */
    CommandLine(String command, List<String> known, int rest, String... given) throws WrongUsage {
        this.command = command;
        Deque<String> left = new ArrayDeque<>(List.of(given));
        while (!left.isEmpty()) {
            String next = left.pop();
            if (known.contains(next)) {
                if (left.isEmpty()) {
                    throw new WrongUsage(next + " needs a value.");
                }
                options.put(next, left.pop());
            } else if (!next.startsWith("-") && this.rest.size() < rest) {
                this.rest.add(next);
            } else {
                throw new WrongUsage(command + " does not know " + next + ".");
            }
        }
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    String needed(String name, String what) throws WrongUsage {
        return option(name).orElseThrow(() -> new WrongUsage(command + " needs " + name + " " + what + "."));
    }

    /** The Configuration-as-Code file, which every command needs. */
    Path casc() throws WrongUsage {
        return readable("--casc");
    }

    /** A file that can be read. */
    Path readable(String option) throws WrongUsage {
        Path file = Path.of(needed(option, "FILE"));
        if (!Files.isReadable(file)) {
            throw new WrongUsage("The file " + file + " cannot be read.");
        }
        return file;
    }

    /** The sandbox's home, as for {@code run} where none is named. */
    Path home() {
        return option("--home").map(Path::of).orElse(RunOptions.HOME);
    }

    /** The repository that is meant, once there is a configuration. */
    RepositoryDefinition repository() throws WrongUsage {
        try {
            return GitOpsWavesConfiguration.get().repository(options.get("--repo"));
        } catch (IllegalArgumentException e) {
            throw new WrongUsage(e.getMessage().replace("repo:", "--repo"));
        }
    }

    /** What is no option. */
    List<String> rest() {
        return rest;
    }

    /** What a command does; returns its exit code. */
    interface Command {
        int run() throws WrongUsage, GitOpsException, ExecutionException, InterruptedException, IOException;
    }

    /** Runs a command; what goes wrong is told in a sentence. Returns its exit code. */
    static int run(String usage, Command command) throws InterruptedException {
        try {
            return command.run();
        } catch (WrongUsage e) {
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
