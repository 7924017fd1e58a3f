package sandbox.runner;

import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.explain.ReleaseNames;
import io.jenkins.plugins.gitops.explain.WhyReport;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.runtime.clones.CloneOpener;
import io.jenkins.plugins.gitops.waves.Wave;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jenkins.model.SandboxHome;
import org.eclipse.jgit.util.FileUtils;
import sandbox.casc.CascReader;

/** The command {@code sandbox/gitops why}: explains a change or a wave from git alone, without a driver. */
public final class WhyCommand {
    private WhyCommand() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments));
    }

    static int run(String... arguments) throws InterruptedException {
        return CommandLine.run("why", () -> {
            CommandLine line = new CommandLine("why", List.of("--casc", "--repo", "--home"), 1, arguments);
            String casc = Files.readString(line.casc());
            Path kept = line.option("--home").isPresent() ? line.home() : null;
            // A temporary folder, because a running sandbox may use the given home.
            Path folder = Files.createTempDirectory("gitops-waves");
            // Also after Ctrl-C.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            SandboxLog.into(folder);
            try (SandboxHome home = SandboxHome.open(folder)) {
                new CascReader(System.getenv()).apply(casc);
                RepositoryDefinition repository = line.repository();
                Path clones = (kept == null ? folder : kept).resolve("gitops-waves/why");
                Path cached = clones.resolve(repository.getName() + ".git");
                try (ConfigRepoClone clone = CloneOpener.open(repository, cached)) {
                    GitOpsWavesConfiguration.get().missingReferences().stream()
                            .filter(sentence ->
                                    sentence.startsWith("Repository " + repository.getName() + ": the wave "))
                            .forEach(System.out::println);
                    return answer(repository.toSettings(), clone, line.rest());
                }
            } finally {
                delete(folder);
            }
        });
    }

    private static void delete(Path folder) {
        try {
            FileUtils.delete(folder.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING | FileUtils.IGNORE_ERRORS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Explains a change or a wave, in lines of text; empty if the repository has neither.
     *
     * @param asked the id or SHA of a change, or the name of a wave
     * @throws IllegalArgumentException with a sentence if several changes match
     */
    public static Optional<List<String>> answer(RepositorySettings settings, ConfigRepoClone clone, String asked)
            throws GitOpsException, IOException {
        WhyReport why = WhyReport.read(settings, clone, Clock.systemUTC());
        return why.ask(asked).map(new WhyText(settings, ReleaseNames.of(why.state()))::answer);
    }

    private static int answer(RepositorySettings settings, ConfigRepoClone clone, List<String> asked)
            throws GitOpsException, IOException {
        if (asked.isEmpty()) {
            WhyReport why = WhyReport.read(settings, clone, Clock.systemUTC());
            new WhyText(settings, ReleaseNames.of(why.state()))
                    .overview(why.state())
                    .forEach(System.out::println);
            return 0;
        }
        Optional<List<String>> answer;
        try {
            answer = answer(settings, clone, asked.get(0));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 1;
        }
        if (answer.isEmpty()) {
            System.err.println("The repository " + settings.name() + " knows no change, commit on "
                    + settings.mainBranch() + " or wave " + asked.get(0) + "; its waves are "
                    + settings.waves().stream().map(Wave::name).collect(Collectors.joining(", ")) + ".");
            return 1;
        }
        answer.get().forEach(System.out::println);
        return 0;
    }
}
