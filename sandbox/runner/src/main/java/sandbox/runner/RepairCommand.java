package sandbox.runner;

import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import java.util.List;
import java.util.stream.Stream;

/** The command {@code sandbox/gitops repair}: replaces the files of a state ref that cannot be used. */
public final class RepairCommand {
    private RepairCommand() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments));
    }

    static int run(String... arguments) throws InterruptedException {
        String by = System.getProperty("user.name") + ", with sandbox/gitops repair";
        return DriverCommand.run("repair", new DriverRequest.RepairState(by), RepairCommand::lines, arguments);
    }

    private static List<String> lines(RepositoryDefinition repository, List<String> repaired) {
        if (repaired.isEmpty()) {
            return List.of("All of the state of " + repository.getName() + " can be used; nothing is repaired.");
        }
        String heading = "The state of " + repository.getName()
                + " is whole again. What could not be used stays in its history:";
        return Stream.concat(Stream.of(heading), repaired.stream().map(file -> "  " + SingleLine.of(file)))
                .toList();
    }
}
