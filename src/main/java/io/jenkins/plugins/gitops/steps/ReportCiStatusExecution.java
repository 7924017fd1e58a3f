package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.configuration.JobPatterns;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.ResumableExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Hands a verdict to the driver; after a restart once more, which the build number as run number makes harmless. */
final class ReportCiStatusExecution extends ResumableExecution {

    private static final long serialVersionUID = 1L;

    private final transient ReportCiStatusStep step;
    private String repository;
    private String sha;
    private String check;
    private CheckState state;
    private long run;
    private String reporter;
    private long at;

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
            state = CheckState.parse(StepArguments.required(step.getState(), "reportCiStatus", "state"));
        } catch (IllegalArgumentException e) {
            throw new AbortException("state: " + e.getMessage());
        }
        url = step.getUrl();
        if (url != null && !url.startsWith("https://") && !url.startsWith("http://")) {
            throw new AbortException("url: \"" + url + "\" is not the address of a web page; it has to begin with "
                    + "https:// or http://.");
        }
        description = step.getDescription();
        reporter = build.getParent().getFullName();
        run = build.getNumber();
        at = DriverRegistry.get().clock().millis();
        repository = allowedToReport(build).toSettings().name();
        subscribe();
        return false;
    }

    /** The repository, if it lets this job report this check. */
    private RepositoryDefinition allowedToReport(Run<?, ?> build) throws AbortException {
        RepositoryDefinition configured = StepArguments.repository(step.getRepo());
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
        if (named.reporters().isEmpty()) {
            return StepArguments.repository(step.getRepo(), build);
        }
        if (!JobPatterns.anyMatches(named.reporters(), reporter)) {
            throw new AbortException("The job \"" + reporter + "\" may not report the check \"" + check + "\" of \""
                    + configured.getName() + "\"; an administrator can add it to the check's reporters.");
        }
        return configured;
    }

    @Override
    public void subscribe() {
        CheckReport report =
                new CheckReport(sha, check, state, run, url, description, reporter, Instant.ofEpochMilli(at));
        var request = new DriverRequest.RecordReport(report);
        DriverRegistry.get().submit(repository, request).whenComplete((waitedFor, failure) -> {
            if (failure == null) {
                log("Reported " + check + " of " + sha + " in " + repository + ": " + state
                        + (waitedFor ? "" : " (no change waits for this commit)"));
                succeed(null);
            } else {
                fail(failure);
            }
        });
    }

    @Override
    public String getStatus() {
        return "reporting " + check + " of " + sha;
    }
}
