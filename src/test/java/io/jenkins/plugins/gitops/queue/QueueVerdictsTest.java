package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.CheckRefs;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckReportLog;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.CheckWatch.WatchedCommit;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.RequiredCheckPolicy;
import io.jenkins.plugins.gitops.ci.SourceResponse;
import io.jenkins.plugins.gitops.ci.Verdict.Color;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.TrustedSigners;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.Test;

/** What CI says of a queue, and which commits are watched for it. */
class QueueVerdictsTest {

    private static final String FORGE = "forge";
    private static final RefNames NAMES = new RefNames("main", "auto", RefNames.defaultState("main"));

    private final AutoBranchFixture scene = new AutoBranchFixture();
    private final Map<String, ObjectId> refs = new HashMap<>();
    private final Map<ObjectId, SourceResponse> forge = new HashMap<>();
    private RequiredCheck check = new RequiredCheck("ci/check", FORGE, false, List.of());

    private CheckStatus status(CheckState state) {
        return new CheckStatus("ci/check", state, scene.now(), 1);
    }

    private void say(ObjectId commit, CheckState state) {
        forge.put(commit, SourceResponse.of(List.of(status(state))));
    }

    private QueueVerdicts verdicts() throws Exception {
        var policy = new RequiredCheckPolicy(
                List.of(check), Duration.ofMinutes(30), Clock.fixed(scene.now(), ZoneOffset.UTC));
        return QueueVerdicts.of(
                new RefSnapshot(NAMES, refs),
                scene.queue(),
                policy,
                new CheckRefs(scene.git, CommitSigner.NONE, TrustedSigners.everybody()),
                Map.of(
                        FORGE,
                        sha -> forge.getOrDefault(
                                ObjectId.fromString(sha), SourceResponse.of(List.<CheckStatus>of()))));
    }

    private List<WatchedCommit> wanted() throws Exception {
        return verdicts().wanted(new RefSnapshot(NAMES, refs), scene.queue());
    }

    @Test
    void eachCommitAndMainAreJudgedByTheirOwnChecks() throws Exception {
        QueuedCommit first = scene.announced("app#1", "shop", "1");
        QueuedCommit second = scene.announced("app#2", "shop", "2");
        scene.announced("app#3", "shop", "3");
        say(scene.main, CheckState.SUCCESS);
        say(first.sha(), CheckState.SUCCESS);
        say(second.sha(), CheckState.FAILURE);

        QueueVerdicts verdicts = verdicts();

        assertThat(verdicts.main().color()).isEqualTo(Color.GREEN);
        assertThat(verdicts.colors()).containsExactly(Color.GREEN, Color.RED, Color.UNDECIDED);
    }

    @Test
    void whatWasReportedToTheRepositoryItselfCounts() throws Exception {
        check = new RequiredCheck("ci/check", RequiredCheck.REPORTED, false, List.of());
        QueuedCommit commit = scene.announced("app#1", "shop", "1");
        var report = new CheckReport(commit.sha().name(), status(CheckState.SUCCESS), "ci");
        refs.put(
                NAMES.checks(commit.sha().name()),
                new CheckRefs(scene.git, CommitSigner.NONE, TrustedSigners.everybody())
                        .write(CheckReportLog.none().with(report), new PersonIdent("ci", "ci@example.com")));

        assertThat(verdicts().colors()).containsExactly(Color.GREEN);
        assertThat(verdicts().main().isSilent()).isTrue();
    }

    // ---- main ---------------------------------------------------------------------------------------------------

    @Test
    void aSilentMainIsGreenIfItWasMergedAsGreenOrIsSilentForLong() throws Exception {
        assertThat(verdicts().mainColor(false, false)).isEqualTo(Color.UNDECIDED);
        assertThat(verdicts().mainColor(true, false)).isEqualTo(Color.GREEN);
        assertThat(verdicts().mainColor(false, true)).isEqualTo(Color.GREEN);
    }

    @Test
    void aMainThatIsTestedAgainStaysGreenUntilItIsRed() throws Exception {
        say(scene.main, CheckState.PENDING);
        assertThat(verdicts().mainColor(true, false)).isEqualTo(Color.GREEN);
        assertThat(verdicts().mainColor(false, true)).isEqualTo(Color.UNDECIDED);

        say(scene.main, CheckState.FAILURE);
        assertThat(verdicts().mainColor(true, true)).isEqualTo(Color.RED);
    }

    @Test
    void nothingIsKnownOfMainBeforeAllSourcesHaveAnswered() throws Exception {
        forge.put(scene.main, SourceResponse.failed("forge.example.com did not answer."));

        assertThat(verdicts().mainColor(true, true)).isEqualTo(Color.UNDECIDED);
    }

    // ---- what is watched ----------------------------------------------------------------------------------------

    @Test
    void theCommitsOfTheQueueAreWatchedOnTheirBranchesUntilTheyAreGreen() throws Exception {
        QueuedCommit green = scene.announced("app#1", "shop", "1");
        QueuedCommit probed = scene.announced("app#2", "shop", "2");
        QueuedCommit tip = scene.announced("app#3", "shop", "3");
        say(green.sha(), CheckState.SUCCESS);
        refs.put(NAMES.slot(1), probed.sha());
        refs.put(NAMES.slot(4), probed.sha());

        assertThat(wanted())
                .containsExactly(
                        new WatchedCommit(green.sha().name(), Set.of("auto"), false, false),
                        new WatchedCommit(probed.sha().name(), Set.of("auto", "auto-ci/1", "auto-ci/4"), true, true),
                        new WatchedCommit(tip.sha().name(), Set.of("auto"), true, true));
    }

    @Test
    void mainIsWatchedWhileSomethingIsRed() throws Exception {
        QueuedCommit red = scene.announced("app#1", "shop", "1");
        say(red.sha(), CheckState.FAILURE);

        assertThat(wanted())
                .containsExactly(
                        new WatchedCommit(red.sha().name(), Set.of("auto"), true, true),
                        new WatchedCommit(scene.main.name(), Set.of("main", "auto"), true, true));

        say(scene.main, CheckState.SUCCESS);
        assertThat(wanted().get(1).open()).isFalse();
    }
}
