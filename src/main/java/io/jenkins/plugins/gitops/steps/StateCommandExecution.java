package io.jenkins.plugins.gitops.steps;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.GitOpsStep;
import io.jenkins.plugins.gitops.steps.base.ResumableExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Has something written into the state of a config repository. Asked again after a restart it writes the same, so that
 * nothing is written twice.
 */
final class StateCommandExecution extends ResumableExecution {

    private static final long serialVersionUID = 1L;

    private final transient Request request;
    private String repository;
    private SavedStateCommand marking;

    /** Checks what a step was given, and makes of it what is to be written. */
    interface Request {
        SavedStateCommand marking(RepositoryDefinition configured, Run<?, ?> run, String by, Instant now) throws Exception;
    }

    private final transient GitOpsStep step;

    StateCommandExecution(StepContext context, GitOpsStep step, Request request) {
        super(context);
        this.step = step;
        this.request = request;
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
        marking = request.marking(
                configured,
                run,
                StepArguments.by(run),
                DriverRegistry.get().clock().instant().truncatedTo(ChronoUnit.SECONDS));
        subscribe();
        return false;
    }

    @Override
    public void subscribe() {
        DriverRegistry.get().mark(repository, marking.toMarking()).whenComplete((done, failure) -> {
            if (failure == null) {
                log(marking.sentence() + " in " + repository + ".");
                succeed(null);
            } else {
                fail(failure);
            }
        });
    }

    @Override
    public String getStatus() {
        return "writing into the state of " + repository;
    }
}
