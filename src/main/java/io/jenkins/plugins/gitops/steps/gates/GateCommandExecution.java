package io.jenkins.plugins.gitops.steps.gates;

import hudson.model.Run;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.RequestingExecution;
import io.jenkins.plugins.gitops.steps.base.RequestingStep;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Sends a command to the driver. The command is saved, and sent again after a restart; since the second one writes the
 * same state, nothing is written twice.
 */
final class GateCommandExecution extends RequestingExecution {

    private static final long serialVersionUID = 1L;

    private final transient RequestingStep step;
    private final transient CommandFactory factory;
    private String repository;
    private SavedGateCommand command;

    /** Checks the arguments of a step and makes the command. */
    interface CommandFactory {
        SavedGateCommand create(RepositoryDefinition configured, String by, Instant now) throws Exception;
    }

    GateCommandExecution(StepContext context, RequestingStep step, CommandFactory factory) {
        super(context);
        this.step = step;
        this.factory = factory;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = need(Run.class);
        RepositoryDefinition configured = StepArguments.repository(step.getRepo(), run);
        repository = configured.toSettings().name();
        command = factory.create(
                configured,
                StepArguments.requester(run),
                DriverRegistry.get().clock().instant().truncatedTo(ChronoUnit.SECONDS));
        startTimeout(step.getTimeout());
        subscribe();
        return false;
    }

    @Override
    protected boolean mayAsk() {
        return isStillAllowed(repository, command.power(), command.waves());
    }

    @Override
    protected void subscribe() {
        request(repository, new DriverRequest.RunCommand(command.toStateCommand()), remark -> {
            log(command.sentence() + " in " + repository + ".");
            succeed(null);
        });
    }

    @Override
    public String getStatus() {
        return statusWithReason("writing into the state of " + repository);
    }
}
