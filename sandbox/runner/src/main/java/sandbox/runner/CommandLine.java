package sandbox.runner;

import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import sandbox.binding.NearestName;
import sandbox.casc.CascException;

/** The arguments of a command: options with one value each, as {@code --name value} or {@code --name=value}, and others. */
final class CommandLine {
    /** What the options of a generator name, for error messages. */
    static final String GENERATES = "the job that generates files";

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
            String next = optionOf(left, known);
            if (known.contains(next)) {
                options.put(next, value(next, left, known));
            } else if (!next.startsWith("-") && this.rest.size() < rest) {
                this.rest.add(next);
            } else {
                throw unknown(command, next, known);
            }
        }
    }

    /** Takes the next word; of {@code --name=value} the name, so that the value is the next one. */
    static String optionOf(Deque<String> left, List<String> known) {
        String next = left.pop();
        int equals = next.indexOf('=');
        if (equals > 0 && known.contains(next.substring(0, equals))) {
            left.push(next.substring(equals + 1));
            return next.substring(0, equals);
        }
        return next;
    }

    /** Takes the value of an option; another option is none. */
    static String value(String name, Deque<String> left, List<String> known) throws UsageException {
        if (left.isEmpty() || known.contains(left.peek())) {
            throw new UsageException(name + " needs a value.");
        }
        return left.pop();
    }

    static UsageException unknown(String command, String word, List<String> known) {
        return new UsageException(command + " does not know " + word
                + NearestName.of(word, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; it takes " + String.join(", ", known) + "."));
    }

    /** For a job whose name and Jenkinsfile two options give. */
    static UsageException together(String nameOption, String fileOption, String what) {
        return new UsageException(nameOption + " NAME and " + fileOption + " FILE go together: " + what + ".");
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
        return readable(option, Path.of(needed(option, "FILE")));
    }

    static Path readable(String option, Path file) throws UsageException {
        if (Files.isDirectory(file)) {
            throw new UsageException(option + " takes a file, and " + file + " is a folder.");
        }
        if (!Files.isReadable(file)) {
            throw new UsageException("There is no file " + file + " that can be read; correct " + option + ".");
        }
        return file;
    }

    /** Makes the folder of the sandbox, unless it is there. */
    static Path folder(String option, Path folder) throws UsageException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UsageException(option + " takes a folder, and " + folder
                    + (Files.exists(folder) ? " is a file." : " cannot be made; name one that may be written."));
        }
        if (!Files.isWritable(folder)) {
            throw new UsageException(
                    "The folder " + folder + " cannot be written; name another one with " + option + ".");
        }
        return folder;
    }

    /** The home of the sandbox; by default {@link RunOptions#HOME}. */
    Path home() throws UsageException {
        return folder("--home", option("--home").map(Path::of).orElse(RunOptions.HOME));
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
    static int run(String name, Command command) throws InterruptedException {
        try {
            return command.run();
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.err.println("sandbox/gitops " + name + " --help says what it takes.");
            return WRONG_USAGE;
        } catch (ExecutionException e) {
            System.err.println(e.getCause().getMessage());
        } catch (GitOpsException | CascException | UncheckedIOException | IOException e) {
            System.err.println(e.getMessage());
        }
        return 1;
    }
}
