package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.steps.base.RequestingExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Reports a check result to the driver. After a restart it is reported again; the driver takes both for one, since they
 * have the same run number, that of the build.
 */
final class ReportCiStatusExecution extends RequestingExecution {

    private static final long serialVersionUID = 1L;

    private final transient ReportCiStatusStep step;
    private String repository;
    private String sha;
    private String check;

    /** The text of a {@link CheckState}. */
    private String state;

    private long runNumber;

    /** The full name of the job. */
    private String reporter;

    /** In milliseconds. */
    private long reportedAt;

    @CheckForNull
    private String url;

    @CheckForNull
    private String description;

    ReportCiStatusExecution(StepContext context, ReportCiStatusStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> build = need(Run.class);
        sha = StepArguments.fullSha(StepArguments.required(step.getSha(), "reportCiStatus", "sha"), "sha:");
        check = StepArguments.required(step.getContext(), "reportCiStatus", "context");
        try {
            state = CheckState.parse(StepArguments.required(step.getState(), "reportCiStatus", "state"))
                    .toString();
        } catch (IllegalArgumentException e) {
            throw new AbortException("state: " + e.getMessage());
        }
        url = StepArguments.webPage(step.getUrl());
        description = StepArguments.limited(step.getDescription(), "description");
        reporter = build.getParent().getFullName();
        runNumber = build.getNumber();
        reportedAt = now();
        RepositoryDefinition configured = StepArguments.repository(step.getRepo());
        requireReporter(configured, build);
        repository = configured.toSettings().name();
        startTimeout(step.getTimeout());
        subscribe();
        return false;
    }

    @Override
    protected boolean mayAsk() {
        try {
            requireReporter(StepArguments.repository(repository), need(Run.class));
            return true;
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        }
        return false;
    }

    /** Fails unless the repository lets the job of the build report the check. */
    private void requireReporter(RepositoryDefinition configured, Run<?, ?> build) throws AbortException {
        List<RequiredCheck> required;
        try {
            required = configured.toSettings().requiredChecks();
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
        RequiredCheck named = required.stream()
                .filter(each -> each.name().equals(check) && each.source().equals(RequiredCheck.REPORTED))
                .findFirst()
                .orElseThrow(() -> new AbortException("The config repository \"" + configured.getName()
                        + "\" takes no reports of a check \"" + check + "\"; it takes: "
                        + required.stream()
                                .filter(each -> each.source().equals(RequiredCheck.REPORTED))
                                .map(RequiredCheck::name)
                                .collect(Collectors.joining(", "))
                        + "."));
        Optional<String> refusal =
                JobAuthorization.of(configured, build.getParent()).refusalOfReport(check, named.reporters());
        if (refusal.isPresent()) {
            throw new AbortException(refusal.get());
        }
    }

    @Override
    protected void subscribe() {
        var status = new CheckStatus(
                check,
                CheckState.parse(state),
                Optional.ofNullable(url),
                Optional.ofNullable(description),
                Instant.ofEpochMilli(reportedAt),
                runNumber);
        var report = new CheckReport(sha, status, reporter);
        request(repository, new DriverRequest.RecordReport(report), isAwaited -> {
            log("Reported " + check + " of " + sha + " in " + repository + ": " + state
                    + (isAwaited ? "" : " (no change waits for this commit)"));
            succeed(null);
        });
    }

    @Override
    public String getStatus() {
        return statusWithReason("reporting " + check + " of " + sha);
    }
}
