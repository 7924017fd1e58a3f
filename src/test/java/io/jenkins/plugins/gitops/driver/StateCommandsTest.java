package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.DeliveringBuild;
import io.jenkins.plugins.gitops.delivery.DriverRequest.FindDeliveries;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people say of waves and images: what is written of it, what they are told, and what is refused. */
class StateCommandsTest extends MemoryDriverTestBase {

    private static final String STATE = RefNames.defaultState("main");
    private static final String TOO_LONG = "x".repeat(SingleLine.MAX_LENGTH + 1);

    private Driver driver;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver(
                "jenkins",
                scene.settings(List.of(
                        Wave.named("staging").build(),
                        Wave.named("internal").promotesFrom("staging").build())));
        driver.round();
    }

    private ApplyStateCommand.Effect say(StateCommand command) throws GitOpsException {
        return scene.answer(driver, new ApplyStateCommand(command));
    }

    private void assertRefused(StateCommand command, String... sentence) throws GitOpsException {
        String before = scene.refExists(STATE) ? scene.sha(STATE) : "";
        CompletableFuture<ApplyStateCommand.Effect> asked = driver.submit(new ApplyStateCommand(command));
        driver.round();
        assertThatThrownBy(asked::join).rootCause().hasMessageContainingAll(sentence);
        assertThat(scene.refExists(STATE) ? scene.sha(STATE) : "").isEqualTo(before);
    }

    /** The message of the newest commit of the state, without the line that says which controller wrote it. */
    private String written() {
        return scene.message(STATE).replaceAll("\nWritten by: \\S+$", "");
    }

    /** A delivery that main then has; returns its commit. */
    private String deliver(String order, String... servicesAndVersions) throws GitOpsException {
        SubmittedChange change = scene.announce(driver, order, servicesAndVersions);
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        return scene.main();
    }

    // ---- images -------------------------------------------------------------------------------------------------

    private StateCommand rejecting(String reason, String... digests) {
        return new StateCommand.RejectImages(List.of(digests), reason, "ada", scene.clock.instant());
    }

    private StateCommand accepting(String reason, String... digests) {
        return new StateCommand.AcceptImages(List.of(digests), reason, "grace", scene.clock.instant());
    }

    private List<String> rejected() throws Exception {
        return List.copyOf(driver.state().orElseThrow().rejections().byDigest().keySet());
    }

    @Test
    void aRejectionNamesTheDigestsAndWhy() throws Exception {
        String shop = RepositoryScene.digest("shop:1");
        String cart = RepositoryScene.digest("cart:1");
        deliver("app#1", "shop", "1", "cart", "1");

        assertThat(say(rejecting("it leaks", shop)).remark()).isEmpty();
        assertThat(written()).isEqualTo("Images are rejected\n\n" + shop + "\n\nWhy: it leaks\nBy: ada");
        assertThat(say(rejecting("again", shop)).written()).as("it is rejected").isFalse();

        say(rejecting("both", shop, cart));
        assertThat(written()).isEqualTo("Images are rejected\n\n" + cart + "\n\nWhy: both\nBy: ada");
        assertThat(rejected()).containsExactlyInAnyOrder(shop, cart);
    }

    @Test
    void acceptedAgainIsWhatWasRejected() throws Exception {
        String shop = RepositoryScene.digest("shop:1");
        String cart = RepositoryScene.digest("cart:1");
        deliver("app#1", "shop", "1", "cart", "1");
        say(rejecting("they leak", shop, cart));

        assertThat(say(accepting("a false alarm", shop, RepositoryScene.digest("never:1")))
                        .written())
                .isTrue();

        assertThat(written())
                .isEqualTo("Rejected images are accepted\n\n" + shop + "\n\nWhy: a false alarm\nBy: grace");
        assertThat(rejected()).containsExactly(cart);
        assertThat(say(accepting("a false alarm", shop)).written())
                .as("it is accepted")
                .isFalse();
    }

    @Test
    void ofManyDigestsAThousandAreListed() throws Exception {
        String[] digests = IntStream.range(0, 1001)
                .mapToObj(number -> RepositoryScene.digest("many:" + number))
                .sorted()
                .toArray(String[]::new);

        say(rejecting("a bad base image", digests));
        assertThat(written())
                .contains("\n" + digests[999] + "\nand 1 more\n\nWhy")
                .doesNotContain(digests[1000]);

        say(accepting("a good one", digests));
        assertThat(written())
                .contains("\n" + digests[999] + "\nand 1 more\n\nWhy")
                .doesNotContain(digests[1000]);
        assertThat(rejected()).isEmpty();

        String[] thousand = List.of(digests).subList(0, 1000).toArray(String[]::new);
        say(rejecting("again", thousand));
        assertThat(written()).doesNotContain("more");
        say(accepting("again", thousand));
        assertThat(written()).doesNotContain("more");
    }

    @Test
    void whatIsNoDigestIsRefused() throws Exception {
        assertRefused(rejecting("it leaks", "shop:1"), "\"shop:1\" is not a digest: give sha256:");
        assertRefused(accepting("it does not", "shop:1"), "\"shop:1\" is not a digest: give sha256:");
    }

    @Test
    void reasonsThatAreTooLongAreRefused() throws Exception {
        String digest = RepositoryScene.digest("shop:1");
        assertRefused(rejecting(TOO_LONG, digest), "reason");
        say(rejecting("it leaks", digest));
        assertRefused(accepting(TOO_LONG, digest), "reason");
        assertRefused(holding(TOO_LONG, null), "reason");
        say(holding("a fair", null));
        assertRefused(new StateCommand.ReleaseWave("internal", Optional.of(TOO_LONG), "ada"), "reason");
    }

    @Test
    void whoRejectsWhatNoWaveHadIsTold() throws Exception {
        String shop = RepositoryScene.digest("shop:1");
        String queued = RepositoryScene.digest("shop:2");
        String never = RepositoryScene.digest("never:1");
        deliver("app#1", "shop", "1");
        scene.announce(driver, "app#2", "shop", "2");

        assertThat(say(rejecting("they leak", shop, queued)).remark()).isEmpty();
        assertThat(say(rejecting("they leak", shop, queued, never)).remark())
                .isEqualTo("No wave had " + never
                        + " in the last 200 commits of main, nor is it queued: is that the digest that was meant?");
    }

    @Test
    void imagesOfMoreThanTwoHundredCommitsAgoAreNotLookedFor() throws Exception {
        String shop = RepositoryScene.digest("shop:1");
        deliver("app#1", "shop", "1");
        deliver("app#2", "shop", "2");
        for (int i = 0; i < 198; i++) {
            scene.byHand("README.md", i + "\n", "By hand");
        }
        driver.round();
        assertThat(say(rejecting("it leaks", shop)).remark())
                .as("the two hundredth")
                .isEmpty();

        scene.byHand("README.md", "more\n", "By hand");
        driver.round();
        assertThat(say(rejecting("it leaks", shop)).remark()).contains(shop);
    }

    @Test
    void aCommitWithoutNewImagesRejectsNothing() throws Exception {
        deliver("app#1", "shop", "1");
        String unrelated = scene.byHand("README.md", "Unrelated\n", "Say more");
        driver.round();

        assertRefused(
                new StateCommand.RejectRevision(unrelated, "slow", "ada", scene.clock.instant()),
                "The commit " + unrelated + " brought no image into a wave; name digests.");
    }

    // ---- holds --------------------------------------------------------------------------------------------------

    private StateCommand holding(String reason, Instant until) {
        return new StateCommand.HoldWave(
                "internal", new Hold("ada", reason, scene.clock.instant(), Optional.ofNullable(until)));
    }

    @Test
    void aHoldSaysWhyAndUntilWhen() throws Exception {
        Instant until = scene.clock.instant().plusSeconds(3600);

        say(holding("a fair", until));
        assertThat(written()).isEqualTo("internal is held\n\nWhy: a fair\nUntil: " + until + "\nBy: ada");
        assertThat(say(holding("a fair", until)).written()).as("it is held so").isFalse();

        say(holding("a fair", null));
        assertThat(written()).isEqualTo("internal is held\n\nWhy: a fair\nUntil: released\nBy: ada");

        say(new StateCommand.ReleaseWave("internal", Optional.of("it is over"), "grace"));
        assertThat(written()).isEqualTo("internal is released\n\nWhy: it is over\nBy: grace");
        assertThat(say(new StateCommand.ReleaseWave("internal", Optional.empty(), "grace"))
                        .written())
                .as("nobody holds it")
                .isFalse();
    }

    @Test
    void aWaveThatIsNotThereIsRefused() throws Exception {
        assertRefused(new StateCommand.ReleaseWave("intrenal", Optional.empty(), "ada"), "intrenal");
    }

    // ---- files of the state that cannot be read -----------------------------------------------------------------

    private void damage(String file) {
        scene.byHand("broken", file, "{broken", "Break it");
        scene.move(STATE, "refs/heads/broken");
    }

    @Test
    void aWaveWhoseFileCannotBeReadIsNeitherHeldNorReleased() throws Exception {
        damage("waves/internal.json");

        String sentence = "Nothing but a rollback gets into internal already: ";
        assertRefused(holding("a fair", null), sentence, "waves/internal.json");
        assertRefused(new StateCommand.ReleaseWave("internal", Optional.empty(), "ada"), sentence);
    }

    @Test
    void aWaveWhoseFileCannotBeReadTakesNothing() throws Exception {
        deliver("app#1", "shop", "1");
        damage("waves/internal.json");

        assertThat(promote().conditions().refusal()).contains("hold: ", "waves/internal.json");

        damage("waves/staging.json");
        CompletableFuture<SubmittedChange> asked =
                driver.submit(new AppendChange(RepositoryScene.change("app#2", RepositoryScene.images("shop", "2"))));
        driver.round();
        assertThatThrownBy(asked::join).rootCause().hasMessageContaining("waves/staging.json");
    }

    @Test
    void whileNobodyKnowsWhatIsRejectedNothingIsRejectedOrAccepted() throws Exception {
        damage("rejected.json");
        String digest = RepositoryScene.digest("shop:1");

        assertRefused(rejecting("it leaks", digest), "Nothing is promoted already: ", "rejected.json");
        assertRefused(accepting("it does not", digest), "Nothing can be accepted: ", "rejected.json");
        CompletableFuture<SubmittedChange> asked =
                driver.submit(new AppendChange(RepositoryScene.change("app#2", RepositoryScene.images("shop", "2"))));
        driver.round();
        assertThatThrownBy(asked::join).rootCause().hasMessageContaining("rejected.json");
    }

    // ---- builds -------------------------------------------------------------------------------------------------

    private PromotionResult promote() throws GitOpsException {
        return scene.answer(
                driver,
                new Promote(
                        PromotionRequest.of(Kind.PROMOTE, "staging", "internal").build()));
    }

    private List<String> builds(String revision) throws GitOpsException {
        return scene.answer(driver, new FindDeliveries(WavePath.of("internal"), revision)).stream()
                .map(DeliveringBuild::url)
                .toList();
    }

    @Test
    void theBuildsBehindAPromotionAreThoseThatBroughtWhatIsNew() throws Exception {
        assertThat(builds(scene.main())).as("there are no images yet").isEmpty();
        deliver("app#1", "shop", "1", "cart", "1");
        PromotionResult first = promote();
        scene.report(driver, first.submitted().orElseThrow().sha(), CheckState.SUCCESS);
        assertThat(builds(scene.main())).as("internal has it").isEmpty();

        deliver("app#2", "cart", "2");
        deliver("app#3", "shop", "3");
        deliver("app#4", "cart", "4");

        String build = "https://jenkins.example.com/job/app/";
        assertThat(builds(scene.main())).containsExactly(build + "4/", build + "3/");
        assertThat(builds(scene.sha("main~2"))).containsExactly(build + "2/");
    }

    @Test
    void aGreenChangeWaitsWhileNothingIsKnownOfItsWave() throws Exception {
        String before = scene.main();
        SubmittedChange change = scene.announce(driver, "app#1", "shop", "1");
        damage("waves/staging.json");

        scene.report(driver, change.sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(before);
        assertThat(scene.queue()).containsExactly(change.sha());
    }

    @Test
    void aGreenCommitOfNoWaveWaitsForNothing() throws Exception {
        damage("rejected.json");
        ChangeTrailers trailers = ChangeTrailers.builder(
                        NewChange.newId(), ChangeOperation.ANNOUNCE, WavePath.of("gone"))
                .build();
        String commit = scene.byHand(
                "auto", "docs/a.md", "a\n", trailers.message("By hand").strip());
        driver.round();

        scene.report(driver, commit, CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(commit);
    }
}
