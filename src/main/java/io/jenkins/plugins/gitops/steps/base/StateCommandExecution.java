package io.jenkins.plugins.gitops.steps.base;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Sends a command to the driver. The command is saved, and sent again after a restart; since the second one writes the
 * same state, nothing is written twice.
 */
public final class StateCommandExecution extends RequestingExecution {

    private static final long serialVersionUID = 1L;

    private final transient RequestingStep step;
    private final transient CommandFactory factory;
    private String repository;
    private SavedCommand command;

    /** Checks the arguments of a step and makes the command. */
    @FunctionalInterface
    public interface CommandFactory {

        /**
         * Returns the command.
         *
         * @param by the build, for people
         * @param now in whole seconds
         * @throws Exception with a sentence if the arguments cannot be used
         */
        SavedCommand create(RepositoryDefinition configured, String by, Instant now) throws Exception;
    }

    /**
     * Creates the execution of a step.
     *
     * @param step whose repository and timeout are used
     */
    public StateCommandExecution(StepContext context, RequestingStep step, CommandFactory factory) {
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
        SavedCommand given = command;
        String named = given.namedRevision().orElse(null);
        if (named == null) {
            send();
            return;
        }
        request(repository, new DriverRequest.ReadState(), state -> {
            try {
                List<WavePath> paths = StepArguments.repository(repository).toSettings().wavePaths().stream()
                        .filter(given::mayBeReleaseOf)
                        .toList();
                command = given.withRevision(TargetRevision.commitOf(named, paths, state));
            } catch (AbortException e) {
                fail(e);
                return;
            }
            saveForRestart();
            send();
        });
    }

    private void send() {
        request(repository, new DriverRequest.ApplyStateCommand(command.toStateCommand()), effect -> {
            log(command.sentence(effect.written()) + " in " + repository + ".");
            if (!effect.remark().isEmpty()) {
                log("Warning: " + effect.remark());
            }
            succeed(null);
        });
    }

    @Override
    public String getStatus() {
        return statusWithReason("writing into the state of " + repository);
    }
}
