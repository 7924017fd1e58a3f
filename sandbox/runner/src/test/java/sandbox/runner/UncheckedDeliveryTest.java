package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A delivery of which little is known, since no check is required and no target is configured: the log says so. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UncheckedDeliveryTest {
    @TempDir
    Path folder;

    @Test
    void theLogClaimsNothingThatNobodyHasSeen() {
        Path bare = folder.resolve("cfg-app.git");
        GitCli.run(folder, "init", "-q", "--bare", "--initial-branch=main", bare.toString());
        GitCli.beginBranch(bare, "main");
        String casc = """
                unclassified:
                  gitopsWaves:
                    repositories:
                      - {name: cfg-app, url: "file://%s", allowInsecure: true, allJobs: true, mainBranch: main,
                         mergeWithoutChecks: true, pollInterval: 1s, waves: [{name: staging}]}
                """.formatted(bare);
        String jenkinsfile = """
                recordImage service: 'shop', image: 'docker.example.com/shop', tag: '1', digest: 'sha256:' + 'a' * 64, \
                verify: false
                commitConfig wave: 'staging'
                waitForCiAndMerge()
                awaitArgoSync wave: 'staging'
                """;
        var log = new ByteArrayOutputStream();
        try (Sandbox sandbox = Sandbox.open(folder.resolve("home"), casc, Map.of())) {
            BuildResult result = sandbox.build(new BuildRequest("app", jenkinsfile, null, Map.of(), Map.of()), log);
            assertThat(result.isSuccess()).as(log::toString).isTrue();
        }

        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains(
                        "No check is required (mergeWithoutChecks), so nothing is known of its quality",
                        "What the wave staging runs is not known: no target is configured for it")
                .doesNotContain("checks succeeded", "Wave staging runs");
    }
}
