package sandbox.runner;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of {@code sandbox/gitops run}. */
final class RunOptions {
    static final List<String> KNOWN = List.of(
            "--casc",
            "--jenkinsfile",
            "--home",
            "--workspace",
            "--job",
            "--scm",
            "--param",
            "--env",
            "--input",
            "--user",
            "--generator",
            "--generator-jenkinsfile",
            "--resume");

    /** The default home. */
    static final Path HOME = Path.of("work", "home");

    Path casc;
    Path jenkinsfile;
    Path home = HOME;
    Path workspace;
    String job = "run";
    BuildRequest.Answer answer = BuildRequest.Answer.NONE;
    ScmSource scm;

    /** The person who starts the build; null for nobody. */
    String user;

    /** The name of the job that generates files, and its Jenkinsfile; both null if there is none. */
    String generator;

    Path generatorJenkinsfile;

    boolean resume;
    final Map<String, String> parameters = new LinkedHashMap<>();
    final Map<String, String> environment = new LinkedHashMap<>();

    static RunOptions parse(String... given) throws UsageException {
        RunOptions options = new RunOptions();
        Deque<String> left = new ArrayDeque<>(List.of(given));
        while (!left.isEmpty()) {
            String name = CommandLine.optionOf(left, KNOWN);
            if (name.equals("--resume")) {
                options.resume = true;
            } else {
                options.take(name, left);
            }
        }
        if (options.casc == null || options.jenkinsfile == null) {
            throw new UsageException("run needs " + (options.casc == null ? "--casc" : "--jenkinsfile") + " FILE.");
        }
        CommandLine.readable("--casc", options.casc);
        CommandLine.readable("--jenkinsfile", options.jenkinsfile);
        if ((options.generator == null) != (options.generatorJenkinsfile == null)) {
            throw CommandLine.together("--generator", "--generator-jenkinsfile", CommandLine.GENERATES);
        }
        if (options.generatorJenkinsfile != null) {
            CommandLine.readable("--generator-jenkinsfile", options.generatorJenkinsfile);
        }
        CommandLine.folder("--home", options.home);
        if (options.workspace != null) {
            CommandLine.folder("--workspace", options.workspace);
        }
        return options;
    }

    private void take(String name, Deque<String> left) throws UsageException {
        if (!KNOWN.contains(name)) {
            throw CommandLine.unknown("run", name, KNOWN);
        }
        String value = CommandLine.value(name, left, KNOWN);
        switch (name) {
            case "--casc" -> casc = Path.of(value);
            case "--jenkinsfile" -> jenkinsfile = Path.of(value);
            case "--home" -> home = Path.of(value);
            case "--workspace" -> workspace = Path.of(value);
            case "--job" -> job = jobName(value);
            case "--scm" -> scm = ScmSource.parse(value);
            case "--param" -> put(name, parameters, value);
            case "--env" -> put(name, environment, value);
            case "--user" -> user = user(value);
            case "--generator" -> generator = jobName(value);
            case "--generator-jenkinsfile" -> generatorJenkinsfile = Path.of(value);
            default -> answer = answer(value);
        }
    }

    static String jobName(String value) throws UsageException {
        if (!value.matches("[\\w.-]*\\w[\\w.-]*(/[\\w.-]*\\w[\\w.-]*)*")) {
            throw new UsageException("--job takes names of letters, digits, dots, dashes and underscores with slashes"
                    + " between them, not '" + value + "'.");
        }
        return value;
    }

    private static String user(String value) throws UsageException {
        if (!value.matches("[\\w.@-]+")) {
            throw new UsageException(
                    "--user takes the id of a person, of letters, digits and . _ @ -, not '" + value + "'.");
        }
        return value;
    }

    private static void put(String name, Map<String, String> into, String pair) throws UsageException {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            throw new UsageException(name + " takes NAME=VALUE, not '" + pair + "'.");
        }
        into.put(pair.substring(0, equals), pair.substring(equals + 1));
    }

    private static BuildRequest.Answer answer(String value) throws UsageException {
        return switch (value) {
            case "proceed" -> BuildRequest.Answer.PROCEED;
            case "abort" -> BuildRequest.Answer.ABORT;
            default -> throw new UsageException("--input takes proceed or abort, not '" + value + "'.");
        };
    }
}
