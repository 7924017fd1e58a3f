package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.events.EventCursor;
import io.jenkins.plugins.gitops.events.EventFeed;
import io.jenkins.plugins.gitops.events.EventSink;
import io.jenkins.plugins.gitops.events.LiveEvents;
import io.jenkins.plugins.gitops.events.WaveEvent;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events, from what real drivers write into the state ref. */
class StateEventsTest extends DriverTestBase {

    private static final List<Wave> WAVES = List.of(
            Wave.named("staging").targets(target("staging-1")).build(),
            Wave.named("production")
                    .promotesFrom("staging")
                    .targets(target("production-1"))
                    .build());

    private static TargetSelection target(String name) {
        return new TargetSelection(DeployedApplications.SERVER, List.of(name), "");
    }

    private RepositorySettings settings;
    private Driver driver;
    private Sink sink;
    private EventFeed feed;

    /** Takes events, unless it is down. */
    private static final class Sink implements EventSink {
        private final List<WaveEvent> taken = new ArrayList<>();
        private boolean down;
        private int asked;
        private Runnable whenAsked = () -> {};

        @Override
        public boolean wants(WaveEvent event) {
            return true;
        }

        @Override
        public void deliver(WaveEvent event) throws IOException {
            asked++;
            whenAsked.run();
            if (down) {
                throw new IOException("it is down.");
            }
            taken.add(event);
        }

        List<String> types() {
            return taken.stream().map(event -> event.type().toString()).toList();
        }

        @Override
        public String toString() {
            return "The test";
        }
    }

    @BeforeEach
    void begin() throws GitOpsException {
        settings = scene.settings(WAVES);
        driver = scene.driver("jenkins", settings);
        driver.round();
        sink = new Sink();
        feed = feed(sink, "jenkins");
        feed.stateIs(driver.lastSnapshot().orElseThrow().git(), state(driver));
    }

    private EventFeed feed(Sink to, String name) {
        Path file = root.resolve("events-of-" + name + ".json");
        return new EventFeed(settings, to, new EventCursor(file), scene.clock, scene.clock.timer(), Runnable::run);
    }

    private static ObjectId state(Driver of) {
        return of.lastSnapshot().orElseThrow().refs().state();
    }

    private void tell() {
        tell(driver, feed);
    }

    private static void tell(Driver of, EventFeed to) {
        to.stateIs(of.lastSnapshot().orElseThrow().git(), state(of));
    }

    private String delivered(String order, String version) throws GitOpsException {
        SubmittedChange change = scene.announce(driver, order, "shop", version);
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        scene.applications.run(change.sha(), "staging-1");
        driver.round();
        return change.id();
    }

    private void hold(boolean held) throws GitOpsException {
        var hold = new Hold("ada", "the database moves", scene.clock.instant(), Optional.empty());
        scene.answer(
                driver,
                new ApplyStateCommand(
                        held
                                ? new StateCommand.HoldWave("production", hold)
                                : new StateCommand.ReleaseWave("production", Optional.empty(), "ada")));
    }

    @Test
    void whatHappensIsToldInItsOrder() throws Exception {
        String merged = delivered("app#1", "1");
        SubmittedChange red = scene.announce(driver, "app#2", "shop", "2");
        scene.report(driver, red.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofMinutes(5));
        driver.round();
        hold(true);
        hold(false);
        tell();

        assertThat(sink.types()).contains("merged", "deployed", "evicted", "held", "released");
        assertThat(sink.types().indexOf("merged")).isLessThan(sink.types().indexOf("evicted"));
        assertThat(sink.types().subList(sink.types().size() - 2, sink.types().size()))
                .containsExactly("held", "released");
        WaveEvent first = sink.taken.get(0);
        assertThat(first.type()).hasToString("merged");
        assertThat(first.path()).contains(WavePath.of("staging"));
        assertThat(first.controller()).contains("https://jenkins.example.com/");
        assertThat(first.facts())
                .containsEntry("change", merged)
                .containsEntry("operation", "announce")
                .containsEntry("appSha", "7d1043473d55bfa90e8530d35801d4e381bc69f0")
                .containsEntry("build", "https://jenkins.example.com/job/app/1/");
        WaveEvent held = sink.taken.get(sink.taken.size() - 2);
        assertThat(held.facts()).containsEntry("by", "ada").containsEntry("reason", "the database moves");
        assertThat(held.sentence()).isEqualTo("cfg-app: held in production: the database moves.");
    }

    @Test
    void aPromotionAndItsDeploymentAreTold() throws Exception {
        delivered("app#1", "1");
        var promotion =
                PromotionRequest.of(Kind.PROMOTE, "staging", "production").build();
        String promoted = scene.answer(driver, new Promote(promotion))
                .submitted()
                .orElseThrow()
                .sha();
        scene.report(driver, promoted, CheckState.SUCCESS);
        scene.applications.run(promoted, "staging-1", "production-1");
        driver.round();
        tell();

        assertThat(sink.types()).contains("promoted");
        assertThat(sink.taken.stream()
                        .filter(event -> event.type().toString().equals("deployed")
                                && event.path().equals(Optional.of(WavePath.of("production"))))
                        .map(event -> event.fact("operation")))
                .containsExactly(Optional.of("promote"));
    }

    @Test
    void everyControllerTellsTheSameEvents() throws Exception {
        Driver other = scene.driver("other", settings);
        other.round();
        Sink others = new Sink();
        EventFeed otherFeed = feed(others, "other");
        tell(other, otherFeed);
        delivered("app#1", "1");
        hold(true);
        tell();
        other.round();
        tell(other, otherFeed);

        assertThat(others.taken).isNotEmpty().isEqualTo(sink.taken);
        assertThat(others.taken)
                .allMatch(event -> event.controller().equals(Optional.of("https://jenkins.example.com/")));
    }

    @Test
    void aFeedBeginsWithWhatHappensFromNowOn() throws Exception {
        delivered("app#1", "1");
        Sink late = new Sink();
        EventFeed lateFeed = feed(late, "late");
        tell(driver, lateFeed);

        assertThat(late.taken).isEmpty();

        hold(true);
        tell(driver, lateFeed);

        assertThat(late.types()).containsExactly("held");
    }

    @Test
    void aSinkThatIsDownForADayIsToldEverythingOnceAfterwards() throws Exception {
        sink.down = true;
        for (int day = 1; day <= 24; day++) {
            delivered("app#" + day, "" + day);
            tell();
            scene.clock.turn(Duration.ofHours(1));
        }

        assertThat(sink.taken).isEmpty();
        assertThat(feed.problem()).contains("The test takes no events of cfg-app: it is down.");
        assertThat(sink.asked).as("about every ten minutes").isLessThan(24 * 8);

        sink.down = false;
        scene.clock.turn(Duration.ofMinutes(11));

        assertThat(sink.types().stream().filter("merged"::equals)).hasSize(24);
        assertThat(sink.taken.stream().map(WaveEvent::id)).doesNotHaveDuplicates();
        assertThat(feed.problem()).isEmpty();
    }

    @Test
    void afterARestartItGoesOnWhereItWas() throws Exception {
        delivered("app#1", "1");
        tell();
        int before = sink.taken.size();
        feed.close();
        hold(true);
        Sink again = new Sink();
        EventFeed restarted = feed(again, "jenkins");
        tell(driver, restarted);

        assertThat(before).isPositive();
        assertThat(again.types()).containsExactly("held");
    }

    @Test
    void aDeliveryThatTheEndOfJenkinsInterruptsIsNoTroubleOfTheSink() throws Exception {
        sink.down = true;
        sink.whenAsked = feed::close;
        hold(true);
        tell();
        scene.clock.turn(Duration.ofDays(1));

        assertThat(sink.asked).isEqualTo(1);
        assertThat(feed.problem()).isEmpty();
        Sink again = new Sink();
        tell(driver, feed(again, "jenkins"));
        assertThat(again.types()).containsExactly("held");
    }

    @Test
    void whatASinkNeverTakesIsGivenUp() throws Exception {
        hold(true);
        sink.down = true;
        tell();
        scene.clock.turn(Duration.ofDays(4));
        sink.down = false;
        hold(false);
        tell();
        scene.clock.turn(Duration.ofMinutes(11));

        assertThat(sink.types()).containsExactly("released");
    }

    @Test
    void aFoldedHistoryIsToldAsOneStep() throws Exception {
        delivered("app#1", "1");
        hold(true);
        String ref = RefNames.defaultState("main");
        String folded = scene.git("commit-tree", "-m", "Folded", scene.git("rev-parse", ref + "^{tree}"));
        scene.git("update-ref", ref, folded);
        driver.round();
        tell();

        assertThat(sink.types()).contains("merged", "held");
    }

    @Test
    void aBrokenFileTellsNothing() throws Exception {
        String ref = RefNames.defaultState("main");
        hold(true);
        tell();
        sink.taken.clear();
        String blob = GitCli.run(Map.of(), "{broken", scene.remote, "hash-object", "-w", "--stdin")
                .strip();
        String waves = GitCli.run(Map.of(), "100644 blob " + blob + "\tproduction.json\n", scene.remote, "mktree")
                .strip();
        String tree = GitCli.run(Map.of(), "040000 tree " + waves + "\twaves\n", scene.remote, "mktree")
                .strip();
        scene.git("update-ref", ref, scene.git("commit-tree", "-p", ref, "-m", "Broken", tree));
        driver.round();
        tell();

        assertThat(sink.taken).isEmpty();
        assertThat(feed.problem()).isEmpty();
    }

    @Test
    void filesThatAreFarTooLargeAndSubmodulesHoldUpNoEvent() throws Exception {
        hold(true);
        tell();
        sink.taken.clear();
        String state = RefNames.defaultState("main");
        StateFiles.put(scene, state, Map.of("changes/2026-01-01/another.json", "x".repeat(51 << 20)));
        StateFiles.link(scene, state, "waves/production.json", "7d1043473d55bfa90e8530d35801d4e381bc69f0");
        delivered("app#1", "1");
        tell();

        assertThat(feed.problem()).isEmpty();
        assertThat(sink.types()).contains("merged");
    }

    @Test
    void whatIsQueuedIsToldWhenARoundFindsIt() throws Exception {
        var before = driver.state().orElseThrow();
        SubmittedChange change = scene.announce(driver, "app#1", "shop", "1");
        var after = driver.state().orElseThrow();
        List<WaveEvent> events = LiveEvents.between(before, after);

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.type()).hasToString("queued");
            assertThat(event.fact("change")).contains(change.id());
        });
        assertThat(LiveEvents.between(after, after)).isEmpty();

        events.forEach(feed::offer);

        assertThat(sink.types()).containsExactly("queued");
    }
}
