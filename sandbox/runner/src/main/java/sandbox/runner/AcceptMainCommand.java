package sandbox.runner;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import java.util.List;

/** The command {@code sandbox/gitops accept-main}: accepts a rewritten main branch. */
public final class AcceptMainCommand {
    private AcceptMainCommand() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments));
    }

    static int run(String... arguments) throws InterruptedException {
        return DriverCommand.run("accept-main", new DriverRequest.AcceptMain(), AcceptMainCommand::lines, arguments);
    }

    private static List<String> lines(RepositoryDefinition repository, boolean rewritten) {
        return List.of("The branch " + repository.getMainBranch() + " of " + repository.getName() + " "
                + (rewritten ? "is accepted as it is now." : "was not rewritten; there is nothing to accept."));
    }
}
