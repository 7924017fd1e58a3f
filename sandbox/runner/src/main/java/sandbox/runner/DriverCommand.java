package sandbox.runner;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A command that submits one request to the driver of a repository, in a sandbox of its own, and prints the result. */
final class DriverCommand {
    private DriverCommand() {}

    /** Describes the result of a request in lines of text. */
    interface ResultText<T> {
        List<String> lines(RepositoryDefinition repository, T result);
    }

    /** Executes the command; returns its exit code. */
    static <T> int run(String name, DriverRequest<T> request, ResultText<T> text, String... arguments)
            throws InterruptedException {
        return CommandLine.run(name, () -> {
            CommandLine line = new CommandLine(name, List.of("--casc", "--repo", "--home"), 0, arguments);
            String casc = Files.readString(line.casc());
            Path home = line.home();
            SandboxLog.into(home);
            try (Sandbox sandbox = Sandbox.open(home, casc, System.getenv())) {
                RepositoryDefinition repository = line.repository();
                T result = DriverRegistry.get()
                        .submit(repository.getName(), request)
                        .get();
                text.lines(repository, result).forEach(System.out::println);
                return 0;
            }
        });
    }
}
