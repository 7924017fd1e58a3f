package io.jenkins.plugins.gitops.steps;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.GitOpsStep;
import io.jenkins.plugins.gitops.steps.base.ResumableExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Sends a command that holds or releases a wave or rejects images to the driver. The command is saved, and sent again
 * after a restart; since the second one writes the same state, nothing is written twice.
 */
final class StateCommandExecution extends ResumableExecution {

    private static final long serialVersionUID = 1L;

    private final transient GitOpsStep step;
    private final transient CommandFactory factory;
    private String repository;
    private SavedStateCommand command;

    /** Checks the arguments of a step and makes the command. */
    interface CommandFactory {
        SavedStateCommand create(RepositoryDefinition configured, String by, Instant now) throws Exception;
    }

    StateCommandExecution(StepContext context, GitOpsStep step, CommandFactory factory) {
        super(context);
        this.step = step;
        this.factory = factory;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = need(Run.class);
        if (step.getSet() != null) {
            throw new AbortException(
                    "A hold is the whole wave's, and a rejected image is rejected in every set: leave set: out.");
        }
        RepositoryDefinition configured = StepArguments.repository(step.getRepo(), run);
        repository = configured.toSettings().name();
        command = factory.create(
                configured,
                StepArguments.requester(run),
                DriverRegistry.get().clock().instant().truncatedTo(ChronoUnit.SECONDS));
        subscribe();
        return false;
    }

    @Override
    protected void subscribe() {
        String wave = command.wave();
        if (!isStillAllowed(repository, command.power(), wave == null ? new String[0] : new String[] {wave})) {
            return;
        }
        request(repository, new DriverRequest.RunCommand(command.toStateCommand()), done -> {
            log(command.sentence() + " in " + repository + ".");
            succeed(null);
        });
    }

    @Override
    public String getStatus() {
        return "writing into the state of " + repository;
    }
}
