package sandbox.demo;

import static sandbox.demo.ConfigReader.shortened;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import sandbox.demo.ToldScene.Way;

/** The scene in which a verification fails, and an approval is missing and then given, in a repository and a Jenkins of its own. */
final class VerificationScene extends OwnRepositoryScene {

    private static final String STATE = "refs/gitops-waves/main/state";

    private static final int MOST_STARTS = 3;

    private static final String CASC = REPOSITORY + """
                waves:
                  - {name: staging, verifications: [{name: smoke, onFailure: rollback}]}
                  - {name: production, promotesFrom: staging, approvals: {count: 1}}
        """;

    private static final String DELIVER = """
        def deliver(String version, String digit) {
            def change = commitConfig(wave: 'staging', images: [shop: [
                Tag: 'docker.example.com/shop:' + version,
                Digest: 'docker.example.com/shop@sha256:' + digit * 64]])
            reportCiStatus(sha: change.sha, context: 'ci/check', state: 'success')
            waitForCiAndMerge(commit: change.sha)
        }
        deliver('1.0.0', '1')
        reportVerification(wave: 'staging', name: 'smoke', state: 'success')
        deliver('1.1.0', '2')
        reportVerification(wave: 'staging', name: 'smoke', state: 'failure')
        """;

    private static final String PROMOTE = """
        reportCiStatus(sha: params.ROLLBACK, context: 'ci/check', state: 'success')
        promoteWave(from: 'staging', to: 'production')
        """;

    private static final String APPROVE = """
        approveSet(wave: 'production', comment: 'tried the checkout')
        def change = promoteWave(from: 'staging', to: 'production')
        reportCiStatus(sha: change.sha, context: 'ci/check', state: 'success')
        waitForCiAndMerge(commit: change.sha)
        """;

    VerificationScene(DemoScene scene) {
        super(
                scene,
                new ToldScene(
                        "A smoke test fails in staging; production waits for a person's approval",
                        "the broken image stays, until somebody looks; production gets it with the next push.",
                        "docs/howto/verification.md, docs/howto/approvals.md",
                        Way.EVICTED));
    }

    @Override
    void play(Path folder, Path repository) throws IOException {
        GitCli.beginBranch(repository, "main");
        Path casc = Files.writeString(folder.resolve("casc.yaml"), CASC.formatted(repository.toUri()));
        try (var build = build(casc, "shop", DELIVER)) {
            build.start(Map.of());
            int code = build.exitCode();
            screen.fact(code == 0, "the build that delivers and reports ends with exit code 0: " + build.log());
        }
        // What a driver has no time for before its Jenkins ends, that of the next one does.
        for (int i = 0; i < MOST_STARTS && !isRolledBack(repository); i++) {
            try (var build = build(casc, "release", "releaseWave(wave: 'production')")) {
                build.start(Map.of());
                build.exitCode();
            }
        }
        String rollback = GitCli.run(repository, "rev-parse", "auto").strip();
        boolean rolledBack = isRolledBack(repository);
        screen.fact(
                rolledBack,
                "after the failed smoke test " + shortened(rollback) + " is queued, which rolls staging back"
                        + (rolledBack ? "" : ":\n" + GitCli.run(repository, "log", "--format=%cI %s%n%b", STATE)));
        try (var build = build(casc, "promote", PROMOTE)) {
            build.start(Map.of("ROLLBACK", rollback));
            build.exitCode();
            screen.fact(
                    GitCli.run(repository, "rev-parse", "main").strip().equals(rollback)
                            && GitCli.run(repository, "show", "main:images/staging/digests.json")
                                    .contains("1".repeat(64)),
                    "once CI is green, main has the images again that passed the smoke test");
            screen.fact(
                    build.log().contains("approved: nobody approved it; 0 of 1"),
                    "the promotion to production is refused: nobody approved it");
        }
        try (var build = build(casc, "approve", APPROVE)) {
            build.startAs("ada");
            screen.fact(build.exitCode() == 0, "ada approves, and the promotion is merged: " + build.log());
            screen.fact(
                    GitCli.run(repository, "show", "main:images/production/digests.json")
                                    .contains("1".repeat(64))
                            && GitCli.run(repository, "show", STATE + ":waves/production.json")
                                    .contains("tried the checkout"),
                    "production has the images that passed, and the state has who approved, when and with which words");
        }
        String state = GitCli.run(repository, "show", STATE + ":waves/staging.json");
        screen.fact(
                state.contains("rolled back to"),
                "the state records the failure, the rollback, and the hold of staging");
        screen.told("staging went back to the set that had passed, by a commit with its own green check, and is held");
        screen.told("the promotion was refused, since nobody had approved; ada approved that set, and it was merged");
    }

    private static boolean isRolledBack(Path repository) {
        return GitCli.run(repository, "log", "-1", "--format=%s", "auto").contains("roll staging back");
    }

    /** A build of a job of the scene's Jenkins. */
    private ForkedBuild build(Path casc, String job, String jenkinsfile) throws IOException {
        Path written = Files.writeString(casc.resolveSibling(job), jenkinsfile);
        return new ForkedBuild(news, casc, written, casc.resolveSibling("home"), job, Map.of());
    }
}
