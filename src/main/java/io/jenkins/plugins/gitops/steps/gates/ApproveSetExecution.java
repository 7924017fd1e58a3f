package io.jenkins.plugins.gitops.steps.gates;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.gates.SetApprover;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.RequestingExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.steps.base.TargetRevision;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.springframework.security.core.Authentication;

/**
 * Approves as the person who started the build, with the rights that the person has now, also where the approval is
 * submitted again; the job lends none. A build that is resumed asks again: a second approval of the same person changes
 * nothing.
 */
final class ApproveSetExecution extends RequestingExecution {

    private static final long serialVersionUID = 1L;

    private final transient ApproveSetStep step;
    private String repository;
    private String path;

    /** The revision that the step names, or null for what would be promoted now. */
    @CheckForNull
    private String named;

    /** The commit that is meant; null until it is found. */
    @CheckForNull
    private String revision;

    private String comment;
    private boolean withdraw;

    private String person;

    ApproveSetExecution(StepContext context, ApproveSetStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = need(Run.class);
        RepositoryDefinition configured = StepArguments.repository(step.getRepo(), run);
        repository = configured.toSettings().name();
        String wave = StepArguments.required(step.getWave(), "approveSet", "wave");
        StepArguments.wave(configured, wave);
        StepArguments.require(configured, run, RepositoryPower.APPROVE, wave);
        path = WavePath.of(wave, StepArguments.set(configured, step.getSet()).orElse(null))
                .toString();
        comment = Util.fixNull(StepArguments.limited(step.getComment(), "comment"));
        withdraw = step.isWithdraw();
        named = step.getRevision();
        person = starter(run);
        startTimeout(step.getTimeout());
        subscribe();
        return false;
    }

    /** The commit that the step names, or whose set would be promoted now. */
    private String find(RepositoryState state) throws AbortException {
        String given = named;
        if (given == null) {
            return candidate(state);
        }
        WavePath target = WavePath.parse(path);
        List<WavePath> previous =
                StepArguments.wave(StepArguments.repository(repository), target.wave()).promotesFrom().stream()
                        .map(target::in)
                        .toList();
        return TargetRevision.commitOf(given, previous, state);
    }

    private String candidate(RepositoryState state) throws AbortException {
        return state.waves().stream()
                .filter(wave -> wave.path().toString().equals(path))
                .flatMap(wave -> wave.live().stream())
                .flatMap(live -> live.next().stream())
                .map(RepositoryState.NextPromotion::sha)
                .filter(sha -> !sha.isEmpty())
                .findFirst()
                .orElseThrow(() -> new AbortException(
                        "There is nothing to approve for " + path + " now; name a commit with revision:."));
    }

    private static String starter(Run<?, ?> run) throws AbortException {
        for (Cause cause : run.getCauses()) {
            String id = cause instanceof Cause.UserIdCause user ? user.getUserId() : null;
            if (id != null) {
                return id;
            }
        }
        throw new AbortException("approveSet approves as the person who started the build, and no person did;"
                + " start it by hand, or use the button on the page of the repository.");
    }

    @Override
    protected boolean mayAsk() {
        return isStillAllowed(
                repository, RepositoryPower.APPROVE, WavePath.parse(path).wave());
    }

    @Override
    protected void subscribe() {
        String given = named;
        if (revision == null && given != null && TargetRevision.isCommit(given)) {
            revision = given;
        }
        if (revision != null) {
            approve();
            return;
        }
        // Read anew: what the driver knows may be older, and nothing is known when Jenkins has just started.
        request(repository, new DriverRequest.ReadState(), state -> {
            try {
                revision = find(state);
            } catch (AbortException e) {
                fail(e);
                return;
            }
            saveForRestart();
            approve();
        });
    }

    private void approve() {
        // A directory service may be asked who is in which group, and may never answer.
        runBlocking("The directory of users", () -> {
            try {
                approveAsPerson();
            } catch (AbortException | RuntimeException e) {
                fail(e);
            }
        });
    }

    private void approveAsPerson() throws AbortException {
        User user = User.getById(person, false);
        if (user == null) {
            throw new AbortException("There is no user " + person + " any more, so nothing is approved.");
        }
        Authentication authentication = user.impersonate2();
        boolean permitted;
        try (ACLContext asPerson = ACL.as2(authentication)) {
            permitted = GitOpsWavesConfiguration.get()
                    .findRepository(repository)
                    .filter(configured -> configured.permits(RepositoryPower.APPROVE))
                    .isPresent();
        }
        if (!permitted) {
            throw new AbortException(person + " has not the permission GitOps Waves/Approve; ask an administrator.");
        }
        var approver = new SetApprover(repository, WavePath.parse(path), revision);
        SetApprover.Person approving = SetApprover.Person.of(authentication);
        Instant now = DriverRegistry.get().clock().instant().truncatedTo(ChronoUnit.SECONDS);
        submit(
                repository,
                withdrawal -> withdraw
                        ? approver.withdraw(approving, withdrawal)
                        : approver.approve(approving, comment, now, withdrawal),
                this::subscribe,
                effect -> {
                    log(person
                            + (withdraw
                                    ? " has taken the approval for "
                                    : " has approved the set of " + revision + " for ")
                            + path
                            + (withdraw ? " back." : "."));
                    succeed(null);
                },
                this::fail);
    }

    @Override
    public String getStatus() {
        return statusWithReason("approving for " + path);
    }
}
