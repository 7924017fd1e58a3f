package io.jenkins.plugins.gitops.steps;

import java.util.Map;

/** The CI of the config repository, which reports by step as a job of it would. */
final class ReportedVerdicts {

    private ReportedVerdicts() {}

    static void report(StepHarness bench, String sha, String state) throws Exception {
        bench.run(
                bench.build("acme/cfg-app"),
                "reportCiStatus",
                Map.of(
                        "sha",
                        sha,
                        "context",
                        ConfigRepoFixture.CHECK,
                        "state",
                        state,
                        "url",
                        "https://ci.example.com/" + sha,
                        "description",
                        "generated files"));
    }
}
