package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AcceptMain;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.explain.WrittenState;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.VerificationResult.State;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.VerificationRule.OnFailure;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState.DueVerification;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a wave runs is verified by jobs and reports, and what follows from a failure. */
class VerificationTest extends MemoryDriverTestBase {

    private static final WavePath STAGING = WavePath.of("staging");
    private static final Duration TIMEOUT = Duration.ofMinutes(30);
    private static final String HERE = "https://here.example.com/";
    private static final String THERE = "https://there.example.com/";

    private GatedScene gated;
    private List<VerificationRule> rules;

    @BeforeEach
    void begin() {
        gated = new GatedScene(scene);
    }

    private static VerificationRule smoke(OnFailure onFailure, int retries) {
        return new VerificationRule("smoke", Optional.of("acme/smoke"), TIMEOUT, retries, onFailure);
    }

    private static VerificationRule reported(String name) {
        return new VerificationRule(name, Optional.empty(), TIMEOUT, 0, OnFailure.NONE);
    }

    private void verifying(VerificationRule... given) throws GitOpsException {
        verifying(Gates.NONE, given);
    }

    private void verifying(Gates production, VerificationRule... given) throws GitOpsException {
        rules = List.of(given);
        gated.begin(Gates.builder().verifications(rules).build(), production);
    }

    private List<DueVerification> due() throws IOException {
        return gated.state("staging").dueVerifications(rules, scene.clock.instant());
    }

    /** Takes the lease of the first verification that is due. */
    private VerificationResult start(String controller) throws Exception {
        DueVerification due = due().get(0);
        Instant now = scene.clock.instant();
        VerificationResult run = VerificationResult.of(
                        due.rule().name(), due.set(), State.RUNNING, due.attempt(), controller, now)
                .seenAt("https://jenkins.example.com/job/smoke/1/")
                .leasedUntil(now.plus(TIMEOUT));
        gated.command(new StateCommand.StartVerification(STAGING, run));
        return run;
    }

    private void end(VerificationResult run, State state) throws GitOpsException {
        gated.command(new StateCommand.EndVerification(
                STAGING, run.with(state, run.by(), "3 of 40 requests failed", scene.clock.instant())));
    }

    private void verify(State state) throws Exception {
        end(start(HERE), state);
    }

    private void report(String name, boolean passed, String revision) throws GitOpsException {
        gated.command(new StateCommand.ReportVerification(
                STAGING,
                name,
                Optional.ofNullable(revision),
                passed,
                "k6",
                "",
                "https://k6.example.com/7",
                scene.clock.instant()));
    }

    // ---- the condition -----------------------------------------------------------------------------------------

    @Test
    void gatesThePromotion() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        assertThat(gated.condition(PromotionCondition.VERIFIED).seen())
                .contains("smoke is not started yet", "acme/smoke");

        VerificationResult run = start(HERE);
        assertThat(gated.condition(PromotionCondition.VERIFIED).seen()).contains("smoke runs since");
        assertThat(gated.promote().submitted()).isEmpty();

        end(run, State.PASSED);
        PromotionResult promoted = gated.promote();
        scene.report(gated.driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        assertThat(scene.text("main", "images/production/tags.json")).contains(":1\"");
    }

    @Test
    void qualifiesOnlyWhatIsVerified() throws Exception {
        verifying(Gates.builder().soak(Duration.ofMinutes(5)).freeze(true).build(), smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        scene.clock.turn(Duration.ofMinutes(10));
        gated.driver.round();
        assertThat(gated.state("production").qualified()).isEmpty();
        assertThatThrownBy(() -> scene.announce(gated.driver, "app#2", "shop", "2"))
                .as("newer sets wait until it is verified")
                .hasMessageContaining("is verified in staging");

        verify(State.PASSED);

        assertThat(gated.state("production").qualified()).hasSize(1);
    }

    @Test
    void evictsAQueuedPromotionWhoseSetFailedSince() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        String sha = gated.deploy("1");
        verify(State.PASSED);
        PromotionResult promoted = gated.promote();
        gated.command(new StateCommand.RepeatVerification(STAGING, Optional.empty(), "ada", scene.clock.instant()));
        verify(State.FAILED);

        scene.report(gated.driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);

        var end = gated.driver.status(promoted.submitted().orElseThrow().id()).orElseThrow();
        assertThat(end.outcome()).contains(Outcome.EVICTED);
        assertThat(end.cause()).contains("not verified");
        assertThat(scene.main()).isEqualTo(sha);
    }

    @Test
    void isShownWithItsLink() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        verify(State.FAILED);

        var json = Json.parse(WrittenState.of(gated.driver.state().orElseThrow()));
        assertThat(json.at("/waves/0/sets/0/verifications/0/state").asText()).isEqualTo("failed");
        assertThat(json.at("/waves/0/sets/0/verifications/0/url").asText()).contains("/job/smoke/1/");
        assertThat(gated.condition(PromotionCondition.VERIFIED).seen()).contains("failed at", "3 of 40");
    }

    // ---- leases ------------------------------------------------------------------------------------------------

    @Test
    void isStartedOnceOverAllControllers() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        DueVerification due = due().get(0);
        VerificationResult run = start(HERE);

        assertThat(due()).isEmpty();
        Instant now = scene.clock.instant();
        VerificationResult second = VerificationResult.of("smoke", due.set(), State.RUNNING, 1, THERE, now)
                .leasedUntil(now.plus(TIMEOUT));
        assertThatThrownBy(() -> gated.command(new StateCommand.StartVerification(STAGING, second)))
                .rootCause()
                .hasMessageContaining("smoke of staging is not started: smoke runs since");

        end(run, State.PASSED);
        assertThat(due()).as("once for each set").isEmpty();
    }

    @Test
    void isStartedByAnotherWhenTheLeaseIsOver() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        VerificationResult lost = start(HERE);
        scene.clock.turn(TIMEOUT);

        VerificationResult taken = start(THERE);
        assertThat(taken.attempt()).as("a lost run has not failed").isEqualTo(1);
        end(lost, State.FAILED);
        assertThat(gated.state("staging").verification("smoke", taken.identity()))
                .get()
                .extracting(VerificationResult::state)
                .isEqualTo(State.RUNNING);
        end(taken, State.PASSED);
        assertThat(gated.condition(PromotionCondition.VERIFIED).met()).isTrue();
    }

    @Test
    void isTriedAgainAsOftenAsConfigured() throws Exception {
        verifying(smoke(OnFailure.HOLD, 1));
        gated.deploy("1");
        verify(State.FAILED);
        assertThat(gated.condition(PromotionCondition.VERIFIED).seen()).contains("run 1 failed: 3 of 40");
        assertThat(gated.state("staging").hold()).isEmpty();

        assertThat(due().get(0).attempt()).isEqualTo(2);
        verify(State.FAILED);

        assertThat(due()).isEmpty();
        assertThat(gated.state("staging").hold()).isPresent();
    }

    @Test
    void saysWhyItCannotBeStarted() throws Exception {
        verifying(smoke(OnFailure.ROLLBACK, 0));
        gated.deploy("1");
        DueVerification due = due().get(0);
        VerificationResult blocked = VerificationResult.of(
                        "smoke", due.set(), State.BLOCKED, 0, HERE, scene.clock.instant())
                .because("there is no job acme/smoke");
        gated.command(new StateCommand.EndVerification(STAGING, blocked));

        assertThat(gated.condition(PromotionCondition.VERIFIED).seen())
                .contains("smoke cannot be started: there is no job acme/smoke.");
        assertThat(gated.state("staging").unwell()).as("it has not failed").isFalse();
        assertThat(due()).as("it is started once there is one").hasSize(1);
    }

    // ---- reports -----------------------------------------------------------------------------------------------

    @Test
    void takesReportsOfWhatTheWaveRuns() throws Exception {
        verifying(reported("load"), reported("budget"));
        String first = gated.deploy("1");
        report("load", true, first.substring(0, 8));
        assertThat(gated.condition(PromotionCondition.VERIFIED).seen())
                .contains("budget is not reported yet")
                .doesNotContain("load");
        report("budget", true, null);
        assertThat(gated.condition(PromotionCondition.VERIFIED).met()).isTrue();

        gated.deploy("2");

        assertThatThrownBy(() -> report("load", true, first))
                .rootCause()
                .hasMessageContaining("runs another set by now");
        assertThatThrownBy(() -> report("loda", true, null))
                .rootCause()
                .hasMessage("The wave staging has no verification \"loda\"; it has load, budget.");
    }

    @Test
    void takesNoReportForAJob() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");

        assertThatThrownBy(() -> report("smoke", true, null))
                .rootCause()
                .hasMessageContaining("is done by the job acme/smoke");
    }

    // ---- failures ----------------------------------------------------------------------------------------------

    @Test
    void makesTheSetUnwellUntilItSucceeds() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        verify(State.FAILED);
        gated.driver.round();
        assertThat(gated.state("staging").unwell()).isTrue();

        gated.command(new StateCommand.RepeatVerification(STAGING, Optional.of("smoke"), "ada", scene.clock.instant()));
        verify(State.PASSED);
        gated.driver.round();

        assertThat(gated.state("staging").unwell()).isFalse();
        assertThat(gated.condition(PromotionCondition.VERIFIED).met()).isTrue();
    }

    @Test
    void rejectsWhatTheSetBrought() throws Exception {
        verifying(smoke(OnFailure.REJECT, 0));
        gated.deploy("1");
        verify(State.PASSED);
        gated.deploy("2");
        verify(State.FAILED);

        RepositoryState state = gated.driver.state().orElseThrow();
        assertThat(state.rejections().byDigest()).containsOnlyKeys(RepositoryScene.digest("shop:2"));
    }

    @Test
    void rollsBackToTheNewestVerifiedSet() throws Exception {
        verifying(smoke(OnFailure.ROLLBACK, 0));
        gated.deploy("1");
        verify(State.PASSED);
        String bad = gated.deploy("2");
        verify(State.FAILED);

        assertThat(gated.state("staging").hold().orElseThrow().reason()).contains("rolled back to", "smoke failed");
        RepositoryState.QueuedChange queued =
                gated.driver.state().orElseThrow().auto().get(0);
        assertThat(queued.trailers().orElseThrow().operation()).isEqualTo(ChangeOperation.ROLLBACK);
        scene.report(gated.driver, queued.status().sha(), CheckState.SUCCESS);
        assertThat(scene.tag("main", "shop")).isEqualTo("1");

        gated.run(scene.main());
        assertThat(due()).as("the set was verified before").isEmpty();
        assertThat(gated.state("staging").unwell()).isFalse();
        assertThat(scene.line(bad, "main")).hasSize(1);
    }

    @Test
    void theSetToRollBackToIsFoundBelowAnyNumberOfSetsThatWereNotVerified() throws Exception {
        verifying(reported("load"), smoke(OnFailure.ROLLBACK, 0));
        gated.deploy("1");
        report("load", true, null);
        verify(State.PASSED);
        for (int version = 2; version < 14; version++) {
            gated.deploy(String.valueOf(version));
            report("load", false, null);
        }
        verify(State.FAILED);

        assertThat(gated.state("staging").hold().orElseThrow().reason()).contains("rolled back to", "smoke failed");
        scene.report(
                gated.driver,
                gated.driver.state().orElseThrow().auto().get(0).status().sha(),
                CheckState.SUCCESS);
        assertThat(scene.tag("main", "shop")).isEqualTo("1");
    }

    @Test
    void whatHasSoakedStaysVerifiedHoweverMuchIsVerifiedAfterIt() throws Exception {
        verifying(Gates.builder().soak(Duration.ofMinutes(5)).build(), reported("load"));
        gated.deploy("1");
        report("load", true, null);
        scene.clock.turn(Duration.ofMinutes(10));
        gated.driver.round();
        for (int version = 2; version < 14; version++) {
            gated.deploy(String.valueOf(version));
            report("load", true, null);
        }

        PromotionResult promoted = gated.promote();

        assertThat(promoted.conditions().refusal()).isEmpty();
        scene.report(gated.driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        assertThat(scene.text("main", "images/production/tags.json")).contains(":1\"");
    }

    @Test
    void rollsBackOnce() throws Exception {
        verifying(smoke(OnFailure.ROLLBACK, 0));
        gated.deploy("1");
        verify(State.PASSED);
        gated.deploy("2");
        verify(State.FAILED);
        scene.report(
                gated.driver,
                gated.driver.state().orElseThrow().auto().get(0).status().sha(),
                CheckState.SUCCESS);
        gated.run(scene.main());
        String main = scene.main();

        gated.command(new StateCommand.RepeatVerification(STAGING, Optional.of("smoke"), "ada", scene.clock.instant()));
        verify(State.FAILED);
        gated.driver.round();

        assertThat(scene.main()).isEqualTo(main);
        assertThat(scene.queue())
                .as("what it was rolled back to is not rolled back")
                .isEmpty();
    }

    @Test
    void holdsWhereThereIsNothingToRollBackTo() throws Exception {
        verifying(smoke(OnFailure.ROLLBACK, 0));
        gated.deploy("1");
        verify(State.FAILED);

        assertThat(gated.state("staging").hold().orElseThrow().reason())
                .contains("there is no verified set to roll back to");
        assertThat(scene.queue()).isEmpty();
    }

    @Test
    void rollsNothingBackThatIsNewer() throws Exception {
        verifying(smoke(OnFailure.ROLLBACK, 0));
        gated.deploy("1");
        verify(State.PASSED);
        gated.deploy("2");
        VerificationResult run = start(HERE);
        String newer = scene.announce(gated.driver, "app#3", "shop", "3").sha();

        end(run, State.FAILED);

        assertThat(scene.queue()).containsExactly(newer);
        assertThat(gated.state("staging").hold()).isEmpty();
    }

    // ---- settings ----------------------------------------------------------------------------------------------

    @Test
    void refusesTwoOfOneName() {
        Wave wave = Wave.named("staging")
                .gates(Gates.builder()
                        .verifications(List.of(reported("load"), reported("load")))
                        .build())
                .build();

        assertThatThrownBy(() -> scene.settings(List.of(wave))).hasMessageContaining("have the name load twice");
    }

    /** The message of the newest commit of the state, without the line that says which controller wrote it. */
    private String written() {
        return scene.message(RefNames.defaultState("main")).replaceAll("\nWritten by: \\S+$", "");
    }

    @Test
    void aFailureSaysInTheLogOfTheStateWhatFollows() throws Exception {
        verifying(smoke(OnFailure.HOLD, 0));
        String sha = gated.deploy("1");
        verify(State.FAILED);

        assertThat(written())
                .isEqualTo("staging is unwell\n\nWhy: the verification smoke of the set of " + sha.substring(0, 10)
                        + " failed: 3 of 40 requests failed\nThe wave is held.\nBy: " + HERE);
        assertThat(gated.state("staging").hold().orElseThrow().reason()).endsWith("failed: 3 of 40 requests failed");
    }

    @Test
    void aReportWithoutAReasonHasNone() throws Exception {
        verifying(reported("load"));
        String sha = gated.deploy("1");
        report("load", true, null);
        assertThat(written()).startsWith("staging: load is passed\n\nThe set ").endsWith(" of " + sha + "\nBy: k6");

        report("load", false, null);
        assertThat(written())
                .isEqualTo("staging is unwell\n\nWhy: the verification load of the set of " + sha.substring(0, 10)
                        + " failed\nBy: k6");
    }

    @Test
    void aRunForASetThatTheWaveRunsNoLongerIsNotStarted() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        DueVerification first = due().get(0);
        gated.deploy("2");

        Instant now = scene.clock.instant();
        VerificationResult late = VerificationResult.of("smoke", first.set(), State.RUNNING, 1, HERE, now)
                .leasedUntil(now.plus(TIMEOUT));
        assertThatThrownBy(() -> gated.command(new StateCommand.StartVerification(STAGING, late)))
                .rootCause()
                .hasMessage("The verification smoke of staging is not started: the wave runs another set by now.");
    }

    @Test
    void aFailureOfASetThatTheWaveRunsNoLongerIsNoneOfThePresentOne() throws Exception {
        verifying(smoke(OnFailure.HOLD, 0));
        gated.deploy("1");
        VerificationResult run = start(HERE);
        gated.deploy("2");

        end(run, State.FAILED);

        assertThat(gated.state("staging").unwell()).isFalse();
        assertThat(gated.state("staging").hold()).isEmpty();
        assertThat(written()).startsWith("staging: smoke is failed");
    }

    @Test
    void aRunThatGoesOnKeepsItsLease() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        VerificationResult run = start(HERE);
        scene.clock.turn(TIMEOUT.minusMinutes(1));

        VerificationResult longer = run.leasedUntil(scene.clock.instant().plus(TIMEOUT));
        gated.command(new StateCommand.EndVerification(STAGING, longer));
        assertThat(written()).startsWith("smoke goes on for staging\n");
        String state = scene.sha(RefNames.defaultState("main"));
        gated.command(new StateCommand.EndVerification(STAGING, longer));
        assertThat(scene.sha(RefNames.defaultState("main"))).as("it is known").isEqualTo(state);

        scene.clock.turn(Duration.ofMinutes(5));
        assertThat(due()).as("another controller does not take it").isEmpty();
    }

    @Test
    void aRunThatWasEndedIsTriedOnceMoreThanConfigured() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        VerificationResult run = start(HERE);
        gated.command(new StateCommand.EndVerification(
                STAGING, run.with(State.FAILED, HERE, "it was aborted", scene.clock.instant()), true));

        assertThat(gated.condition(PromotionCondition.VERIFIED).seen())
                .contains("smoke is to run again, as the controller asked: run 1 was ended: it was aborted.");
        assertThat(due().get(0).attempt()).isEqualTo(2);

        run = start(HERE);
        gated.command(new StateCommand.EndVerification(
                STAGING, run.with(State.FAILED, HERE, "it was aborted", scene.clock.instant()), true));
        assertThat(due()).as("it has an end, too").isEmpty();
        assertThat(gated.condition(PromotionCondition.VERIFIED).seen()).contains("smoke failed at");
    }

    @Test
    void aFailedRunIsTriedAgainByItsRetries() throws Exception {
        verifying(smoke(OnFailure.NONE, 1));
        gated.deploy("1");
        verify(State.FAILED);

        assertThat(gated.condition(PromotionCondition.VERIFIED).seen())
                .contains("smoke is to run again, as its retries asked: run 1 failed: 3 of 40 requests failed.");
    }

    // ---- runs that cannot be started ---------------------------------------------------------------------------

    private String blocked(String by, String why) throws Exception {
        DeployedSet set = gated.state("staging").deployed().orElseThrow();
        VerificationResult blocked = VerificationResult.of("smoke", set, State.BLOCKED, 0, by, scene.clock.instant())
                .because(why);
        gated.command(new StateCommand.EndVerification(STAGING, blocked));
        return gated.condition(PromotionCondition.VERIFIED).seen();
    }

    @Test
    void whyItCannotBeStartedIsWrittenOncePerReason() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        assertThat(blocked(HERE, "there is no job acme/smoke")).contains("there is no job acme/smoke");
        assertThat(written()).contains("\nWhy: there is no job acme/smoke\nBy: " + HERE);
        String state = scene.sha(RefNames.defaultState("main"));
        blocked(THERE, "there is no job acme/smoke");
        assertThat(scene.sha(RefNames.defaultState("main"))).isEqualTo(state);

        assertThat(blocked(THERE, "acme/smoke is disabled")).contains("acme/smoke is disabled");
    }

    @Test
    void aRunCanBeGivenBackByWhoStartedItAndByOthersWhenItsLeaseIsOver() throws Exception {
        verifying(smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        start(HERE);
        assertThat(blocked(THERE, "not by others")).contains("smoke runs since");
        assertThat(blocked(HERE, "the job is gone")).contains("smoke cannot be started: the job is gone");

        start(HERE);
        scene.clock.turn(TIMEOUT);
        assertThat(blocked(THERE, "nobody has come back")).contains("nobody has come back");
    }

    // ---- reports and repetitions -------------------------------------------------------------------------------

    @Test
    void nothingIsVerifiedBeforeTheWaveRunsASet() throws Exception {
        verifying(reported("load"));

        assertThatThrownBy(() -> report("load", true, null))
                .rootCause()
                .hasMessage("Nothing was verified: staging was not yet seen to run one set in all of its targets; wait "
                        + "for that with awaitArgoSync.");
        assertThatThrownBy(() -> repeat(null))
                .rootCause()
                .hasMessageStartingWith("There is nothing to verify: staging was not yet seen");
    }

    private void repeat(String name) throws GitOpsException {
        gated.command(
                new StateCommand.RepeatVerification(STAGING, Optional.ofNullable(name), "ada", scene.clock.instant()));
    }

    @Test
    void whatIsReportedIsNotDoneAgain() throws Exception {
        verifying(reported("load"), smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        report("load", true, null);
        verify(State.PASSED);

        assertThatThrownBy(() -> repeat("load"))
                .rootCause()
                .hasMessage("The verification load of staging has no job: whoever reported it reports it again.");
        repeat(null);
        assertThat(written()).isEqualTo("staging is verified again by smoke\n\nBy: ada");
        assertThat(due()).extracting(due -> due.rule().name()).containsExactly("smoke");
    }

    @Test
    void aWaveWithoutTargetsIsVerifiedAtMain() throws Exception {
        rules = List.of(smoke(OnFailure.NONE, 0));
        Driver driver = scene.driver(
                "jenkins",
                scene.settings(List.of(Wave.named("staging")
                        .gates(Gates.builder().verifications(rules).build())
                        .build())));
        scene.report(driver, scene.announce(driver, "app#1", "shop", "1").sha(), CheckState.SUCCESS);
        driver.round();

        assertThat(driver.state().orElseThrow().waves().get(0).state().deployed())
                .map(DeployedSet::sha)
                .contains(scene.main());
    }

    @Test
    void anUnwellSetDoesNotSoak() throws Exception {
        verifying(Gates.builder().soak(Duration.ofMinutes(5)).build(), smoke(OnFailure.NONE, 0));
        gated.deploy("1");
        assertThat(gated.condition(PromotionCondition.SOAK).seen()).startsWith("it runs there since ");

        verify(State.FAILED);

        assertThat(gated.condition(PromotionCondition.SOAK).seen())
                .isEqualTo("it is unwell in staging, since a verification failed.");
    }

    // ---- what is rejected --------------------------------------------------------------------------------------

    private SortedSet<String> rejected() throws Exception {
        return new TreeSet<>(
                gated.driver.state().orElseThrow().rejections().byDigest().keySet());
    }

    private void deploySet(String order, String... servicesAndVersions) throws Exception {
        SubmittedChange change = scene.answer(
                gated.driver,
                new AppendChange(new NewChange(
                        RepositoryScene.trailers(ChangeOperation.REPLACE, STAGING, order)
                                .build(),
                        RepositoryScene.images(servicesAndVersions))));
        scene.report(gated.driver, change.sha(), CheckState.SUCCESS);
        gated.run(scene.main());
    }

    @Test
    void rejectsAllThatIsNewSinceTheNewestVerifiedSet() throws Exception {
        verifying(smoke(OnFailure.REJECT, 0));
        deploySet("app#1", "shop", "1", "cart", "1");
        verify(State.PASSED);
        deploySet("app#2", "shop", "2", "cart", "1");
        deploySet("app#3", "shop", "2", "cart", "3");
        verify(State.FAILED);

        assertThat(rejected())
                .containsExactlyInAnyOrder(RepositoryScene.digest("shop:2"), RepositoryScene.digest("cart:3"));
        assertThat(written()).contains("\nRejected: " + String.join(", ", rejected()) + "\nBy: " + HERE);
    }

    @Test
    void withoutAVerifiedSetRejectsWhatItsCommitBrought() throws Exception {
        verifying(smoke(OnFailure.REJECT, 0));
        deploySet("app#1", "shop", "1", "cart", "1");
        deploySet("app#2", "shop", "2", "cart", "1");
        verify(State.FAILED);

        assertThat(rejected()).containsExactly(RepositoryScene.digest("shop:2"));
    }

    @Test
    void aSetThatBroughtNothingRejectsNothing() throws Exception {
        verifying(smoke(OnFailure.REJECT, 0));
        deploySet("app#1", "shop", "1", "cart", "1");
        verify(State.PASSED);
        deploySet("app#2", "shop", "1");
        verify(State.FAILED);

        assertThat(rejected()).isEmpty();
        assertThat(written()).contains("\nRejected: nothing, since it brought no image\n");
    }

    // ---- what is rolled back -----------------------------------------------------------------------------------

    private List<ChangeOperation> queued() throws IOException {
        return gated.driver.state().orElseThrow().auto().stream()
                .map(change -> change.trailers().orElseThrow().operation())
                .toList();
    }

    @Test
    void onlyVerificationsThatSayRollBackDoSo() throws Exception {
        verifying(
                smoke(OnFailure.NONE, 0),
                new VerificationRule("load", Optional.empty(), TIMEOUT, 0, OnFailure.ROLLBACK));
        gated.deploy("1");
        verify(State.PASSED);
        report("load", true, null);
        gated.deploy("2");
        verify(State.FAILED);
        assertThat(queued()).isEmpty();

        report("load", false, null);
        assertThat(queued()).containsExactly(ChangeOperation.ROLLBACK);
        assertThat(written()).startsWith("staging is rolled back\n\nWhy: rolled back to ");
    }

    @Test
    void rollsBackAgainForAnotherSet() throws Exception {
        verifying(smoke(OnFailure.ROLLBACK, 0));
        gated.deploy("1");
        verify(State.PASSED);
        gated.deploy("2");
        verify(State.FAILED);
        scene.report(gated.driver, scene.auto(), CheckState.SUCCESS);
        gated.run(scene.main());
        gated.command(new StateCommand.ReleaseWave("staging", Optional.empty(), "ada"));
        gated.deploy("3");

        verify(State.FAILED);

        assertThat(queued()).containsExactly(ChangeOperation.ROLLBACK);
    }

    @Test
    void whatIsOnItsWayToAnotherWaveDoesNotMatter() throws Exception {
        rules = List.of(smoke(OnFailure.ROLLBACK, 0));
        gated.driver = scene.driver(
                "jenkins",
                scene.settings(List.of(
                        Wave.named("staging")
                                .gates(Gates.builder().verifications(rules).build())
                                .build(),
                        Wave.named("preview").build())));
        gated.deploy("1");
        verify(State.PASSED);
        gated.deploy("2");
        scene.answer(
                gated.driver,
                new AppendChange(new NewChange(
                        RepositoryScene.trailers(ChangeOperation.ANNOUNCE, WavePath.of("preview"), "other#1")
                                .build(),
                        RepositoryScene.images("db", "1"))));

        verify(State.FAILED);

        assertThat(queued()).containsExactly(ChangeOperation.ANNOUNCE, ChangeOperation.ROLLBACK);
    }

    @Test
    void aRejectedSetIsNotRolledBackTo() throws Exception {
        verifying(smoke(OnFailure.ROLLBACK, 0));
        gated.deploy("1");
        verify(State.PASSED);
        gated.deploy("2");
        gated.command(new StateCommand.RejectImages(
                List.of(RepositoryScene.digest("shop:1")), "it leaks", "ada", scene.clock.instant()));

        verify(State.FAILED);

        assertThat(queued()).isEmpty();
        assertThat(written()).startsWith("staging is held\n\nWhy: smoke failed for the set of ");
    }

    @Test
    void aSetThatMainHasNoLongerIsNotRolledBackTo() throws Exception {
        verifying(smoke(OnFailure.ROLLBACK, 0));
        gated.deploy("1");
        verify(State.PASSED);
        scene.byHand("other", "README.md", "A new history\n", "Begin anew");
        scene.move("refs/heads/main", "refs/heads/other");
        scene.answer(gated.driver, new AcceptMain());
        gated.deploy("2");

        verify(State.FAILED);

        assertThat(queued()).isEmpty();
        assertThat(written()).startsWith("staging is held\n\nWhy: smoke failed for the set of ");
    }
}
