package sandbox.runner;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command {@code sandbox/gitops accept-main}: accepts a rewritten main branch. */
public final class AcceptMainCommand {
    private static final String USAGE = "accept-main --casc FILE [--repo NAME] [--home DIR]";

    private AcceptMainCommand() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(CommandLine.run(USAGE, () -> {
            CommandLine line = new CommandLine("accept-main", List.of("--casc", "--repo", "--home"), 0, arguments);
            String casc = Files.readString(line.casc());
            Path home = line.home();
            SandboxLog.into(home);
            try (Sandbox sandbox = Sandbox.open(home, casc, System.getenv())) {
                RepositoryDefinition repository = line.repository();
                boolean rewritten = DriverRegistry.get()
                        .submit(repository.getName(), new DriverRequest.AcceptMain())
                        .get();
                System.out.println("The branch " + repository.getMainBranch() + " of " + repository.getName() + " "
                        + (rewritten ? "is accepted as it is now." : "was not rewritten; there is nothing to accept."));
                return 0;
            }
        }));
    }
}
