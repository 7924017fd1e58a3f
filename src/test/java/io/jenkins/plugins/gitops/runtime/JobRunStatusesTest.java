package io.jenkins.plugins.gitops.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.steps.TestJob;
import io.jenkins.plugins.gitops.steps.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMRevision;
import jenkins.scm.api.SCMRevisionAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("sandbox")
class JobRunStatusesTest {

    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";
    private static final String OTHER = "0".repeat(40);

    private final List<Run<?, ?>> started = new ArrayList<>();

    private final JobRunStatuses runs = new JobRunStatuses(
            "acme/cfg-app", List.of("ci/check", "ci/lint"), Runnable::run, Optional.of(started::add));

    @BeforeEach
    void needsTheLivingTypes() {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
    }

    private static TestRun build(TestJob branch, String sha, @Nullable Result result) throws IOException {
        TestRun build = new TestRun(branch);
        branch.add(build);
        build.addAction(new SCMRevisionAction(new Revision(sha)));
        if (result != null) {
            build.end(result);
        }
        return build;
    }

    /** As those of branches in git are. */
    private static final class Revision extends SCMRevision {
        private static final long serialVersionUID = 1L;
        private final String hash;

        Revision(String hash) {
            super((SCMHead) null);
            this.hash = hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Revision revision && revision.hash.equals(hash);
        }

        @Override
        public int hashCode() {
            return hash.hashCode();
        }

        @Override
        public String toString() {
            return hash;
        }
    }

    private List<CheckStatus> said(TestJob... branches) {
        return runs.results(List.of(branches), SHA).stream()
                .map(CheckResult::status)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCESS, SUCCESS",
        "UNSTABLE, FAILURE",
        "FAILURE, FAILURE",
        "ABORTED, CANCELLED",
        "NOT_BUILT, CANCELLED",
        ", PENDING"
    })
    void aRunSaysTheSameOfEachCheck(String result, CheckState state) throws Exception {
        TestJob auto = new TestJob("auto");
        build(auto, SHA, result == null ? null : Result.fromString(result));

        assertThat(said(auto)).extracting(CheckStatus::context).containsExactly("ci/check", "ci/lint");
        assertThat(said(auto)).allSatisfy(status -> {
            assertThat(status.state()).isEqualTo(state);
            assertThat(status.url().orElseThrow()).endsWith("job/auto/1/");
            assertThat(status.description().orElseThrow()).startsWith("auto #1");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "FAILURE, 'java.io.IOException: Unable to create live FilePath for agent-1', ERROR",
        "ABORTED, 'Agent agent-1 was deleted; cancelling node body', ERROR",
        "FAILURE, 'java.io.IOException: Cannot resume build because FlowNode 5 is missing', ERROR",
        "FAILURE, 'make: *** [test] Error 2', FAILURE",
        "UNSTABLE, 'hudson.remoting.ChannelClosedException', FAILURE",
        "ABORTED, 'Aborted by alice', CANCELLED"
    })
    void aBuildThatLostItsAgentIsBrokenAndIsStartedAgainOnce(String result, String end, CheckState state)
            throws Exception {
        TestJob auto = new TestJob("auto");
        TestRun first = build(auto, SHA, Result.fromString(result));
        log(first, "x".repeat(10_000) + "\n" + end + "\nFinished: " + result + "\n");
        boolean broken = state == CheckState.ERROR;
        assertThat(said(auto)).extracting(CheckStatus::state).containsOnly(state);
        said(auto);
        assertThat(started).hasSize(broken ? 1 : 0);

        log(build(auto, SHA, Result.fromString(result)), end);
        assertThat(runs.results(List.of(auto), SHA))
                .extracting(CheckResult::brokenRuns)
                .containsOnly(broken ? 2 : 0);
        assertThat(started).as("bounded").hasSize(broken ? 1 : 0);
    }

    private static void log(TestRun build, String text) throws IOException {
        Files.createDirectories(build.getRootDir().toPath());
        Files.writeString(build.getRootDir().toPath().resolve("log"), text);
    }

    @Test
    void theNewestRunOfTheCommitDecides() throws Exception {
        TestJob auto = new TestJob("auto");
        build(auto, SHA, Result.FAILURE);
        build(auto, SHA, Result.SUCCESS);
        build(auto, OTHER, Result.FAILURE);

        assertThat(said(auto)).extracting(CheckStatus::run).containsOnly(2L);
        assertThat(said(auto)).extracting(CheckStatus::state).containsOnly(CheckState.SUCCESS);
    }

    @Test
    void ofACommitThatNoRunHasBuiltNothingIsSaid() throws Exception {
        TestJob auto = new TestJob("auto");
        build(auto, OTHER, Result.SUCCESS);

        assertThat(said(auto)).isEmpty();
        assertThat(said()).isEmpty();
    }

    @Test
    void aBranchIsKnownByTheNameOfItsJob() {
        assertThat(JobRunStatuses.branch("auto")).isEqualTo("auto");
        assertThat(JobRunStatuses.branch("auto-ci%2F1")).isEqualTo("auto-ci/1");
        assertThat(JobRunStatuses.branch("a+b")).isEqualTo("a+b");
        assertThat(JobRunStatuses.branch("100%")).isEqualTo("100%");
    }

    @Test
    void aJobThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> runs.fetch(SHA, Set.of("auto")).get())
                .hasCauseInstanceOf(ForgeUnavailable.class)
                .hasMessageContaining("acme/cfg-app");
    }
}
