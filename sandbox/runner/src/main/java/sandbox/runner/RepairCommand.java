package sandbox.runner;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command {@code sandbox/gitops repair}: replaces the files of a state ref that cannot be used. */
public final class RepairCommand {
    private static final String USAGE = "repair --casc FILE [--repo NAME] [--home DIR]";

    private RepairCommand() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(CommandLine.run(USAGE, () -> {
            CommandLine line = new CommandLine("repair", List.of("--casc", "--repo", "--home"), 0, arguments);
            String casc = Files.readString(line.casc());
            Path home = line.home();
            SandboxLog.into(home);
            try (Sandbox sandbox = Sandbox.open(home, casc, System.getenv())) {
                RepositoryDefinition repository = line.repository();
                String by = System.getProperty("user.name") + ", with sandbox/gitops repair";
                List<String> repaired = DriverRegistry.get()
                        .submit(repository.getName(), new DriverRequest.RepairState(by))
                        .get();
                System.out.println(
                        repaired.isEmpty()
                                ? "All of the state of " + repository.getName() + " can be used; nothing is repaired."
                                : "The state of " + repository.getName() + " is whole again. What could not be used stays in"
                                        + " its history:");
                repaired.forEach(file -> System.out.println("  " + file.replaceAll("\\p{Cntrl}", " ")));
                return 0;
            }
        }));
    }
}
