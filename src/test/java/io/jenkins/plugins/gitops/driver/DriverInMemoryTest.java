package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.driver.MemoryTransport.Move;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens between the looks and pushes of a driver, on a server that lets others act there. */
class DriverInMemoryTest {

    /** Something that happens before the server answers. */
    private interface Event {
        void happen() throws RepoUnavailable;
    }

    /** The server as one driver reaches it. */
    private final class Wire implements MemoryTransport.Remote {
        private final List<Event> beforeLooks = new ArrayList<>();
        private final Map<String, ObjectId> stale = new TreeMap<>();
        private final List<Map<String, String>> refusals = new ArrayList<>();
        private final List<Map<String, Move>> pushes = new ArrayList<>();
        private boolean hangs;

        @Override
        public MemoryRepository repository() {
            return server.repository();
        }

        @Override
        public Map<String, ObjectId> refs(boolean push) throws TransportException {
            if (!beforeLooks.isEmpty()) {
                try {
                    beforeLooks.remove(0).happen();
                } catch (RepoUnavailable e) {
                    throw new TransportException(e.getMessage(), e);
                }
            }
            var refs = new TreeMap<>(server.refs());
            refs.putAll(stale);
            stale.clear();
            return refs;
        }

        @Override
        public Map<String, String> update(Map<String, Move> moves) throws TransportException {
            if (hangs) {
                throw new TransportException("the connection hangs", new SocketTimeoutException("Read timed out"));
            }
            pushes.add(moves);
            return refusals.isEmpty() ? server.update(moves) : refusals.remove(0);
        }
    }

    private static final Event NOTHING = () -> {};

    private final MemoryScene scene = new MemoryScene();
    private final MemoryServer server = scene.server;
    private final ManualClock clock = scene.clock;
    private final Wire wire = new Wire();
    private Driver driver;
    private Driver another;

    @BeforeEach
    void begin() throws Exception {
        driver = scene.driver("jenkins", wire);
        another = scene.driver("another");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private ObjectId ref(String name) {
        return scene.ref(name);
    }

    private void commitToMain(Instant when) {
        server.set(
                SimulationLedger.MAIN,
                scene.objects.commit(
                        List.of(ref(SimulationLedger.MAIN)), Map.of(), "By hand\n", MemoryScene.ada(when)));
    }

    private CheckReport green(SubmittedChange change) {
        return new CheckReport(
                change.sha(), new CheckStatus(RepositoryScene.CHECK, CheckState.SUCCESS, clock.instant(), 1), "ci");
    }

    @Test
    void decisionsGoFirstThenAllThatWaitsIsAppendedInOnePush() throws Exception {
        SubmittedChange evicted = scene.answer(
                driver, new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));
        wire.pushes.clear();
        var asked = new ArrayList<CompletableFuture<SubmittedChange>>();
        for (String service : List.of("api", "web", "db")) {
            asked.add(driver.submit(
                    new AppendChange(RepositoryScene.change(service + "#2", RepositoryScene.images(service, "v2")))));
        }
        driver.submit(new EvictChange(evicted.id(), "not wanted"));
        driver.round();

        assertThat(wire.pushes).hasSize(2);
        assertThat(wire.pushes.get(0)).containsKeys(SimulationLedger.AUTO, SimulationLedger.STATE);
        assertThat(wire.pushes.get(1)).containsOnlyKeys(SimulationLedger.AUTO, SimulationLedger.AUTO_AS_PUSHED);
        assertThat(RepositoryScene.queue(driver))
                .extracting(ChangeStatus::id)
                .containsExactlyElementsOf(
                        asked.stream().map(answer -> answer.join().id()).toList());
    }

    @Test
    void aTornLookAtWhatAnotherDriverMergedDecidesNothing() throws Exception {
        var asked =
                driver.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));
        driver.round();
        ObjectId main = ref(SimulationLedger.MAIN);
        another.submit(new RecordReport(green(asked.join())));
        another.round();
        Map<String, ObjectId> merged = server.refs();
        assertThat(merged.get(SimulationLedger.MAIN)).isNotEqualTo(main);

        wire.stale.put(SimulationLedger.MAIN, main);
        driver.round();

        assertThat(server.refs()).isEqualTo(merged);
        assertThat(driver.status(asked.join().id()).orElseThrow().outcome()).contains(Outcome.MERGED);
    }

    @Test
    void whatASecondLookFindsIsNotMixedWithTheFirst() throws Exception {
        NewChange change = RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"));
        driver.submit(new AppendChange(change));
        driver.round();
        another.round();
        server.set(SimulationLedger.AUTO, ref(SimulationLedger.MAIN));

        driver = scene.driver("jenkins", wire);
        var again = driver.submit(new AppendChange(change));
        wire.beforeLooks.add(NOTHING);
        wire.beforeLooks.add(another::round);
        driver.round();

        assertThat(another.status(change.id()).orElseThrow().outcome()).contains(Outcome.LOST);
        assertThat(again.join().id()).isEqualTo(change.id());
        assertThat(ref(SimulationLedger.AUTO)).as("it ended").isEqualTo(ref(SimulationLedger.MAIN));
    }

    @Test
    void aRefThatOthersMovedThereAndBackIsNotTakenForOneThatTheServerRefuses() throws Exception {
        wire.refusals.add(Map.of(SimulationLedger.AUTO, "incorrect old value provided"));
        var asked =
                driver.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));
        driver.round();

        assertThat(asked).isCompleted();
        assertThat(ref(SimulationLedger.AUTO).name()).isEqualTo(asked.join().sha());
    }

    @Test
    void aCommitOnMainWithAWrongTimeMakesNoneOfMainsOwnCommitsQueued() throws Exception {
        for (int i = 0; i < 20; i++) {
            commitToMain(clock.instant());
        }
        var asked =
                driver.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));
        driver.round();
        commitToMain(Instant.EPOCH);
        commitToMain(clock.instant());
        driver.round();

        assertThat(RepositoryScene.queue(driver))
                .extracting(ChangeStatus::id)
                .containsExactly(asked.join().id());
        assertThat(ref(SimulationLedger.STATE)).as("nothing ended").isNull();
    }

    @Test
    void aServerThatTakesNoPushInTimeIsNamedAndLosesNothing() throws Exception {
        driver.round();
        wire.hangs = true;
        NewChange change = RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"));
        driver.submit(new AppendChange(change));
        assertThatThrownBy(() -> driver.round())
                .isInstanceOf(RepoUnavailable.class)
                .hasMessageEndingWith("its server did not answer in time.");

        wire.hangs = false;
        var again = driver.submit(new AppendChange(change));
        driver.round();
        assertThat(ref(SimulationLedger.AUTO).name()).isEqualTo(again.join().sha());
    }

    @Test
    void aClockThatIsSetBackOrForwardDelaysAndDecidesNothingWrong() throws Exception {
        var red = driver.submit(new AppendChange(RepositoryScene.change("app#1", RepositoryScene.images("api", "v1"))));
        driver.round();
        clock.turn(Duration.ofMinutes(10));
        driver.submit(new RecordReport(new CheckReport(
                red.join().sha(),
                new CheckStatus(RepositoryScene.CHECK, CheckState.FAILURE, clock.instant(), 1),
                "ci")));
        driver.round();
        clock.turn(Duration.ofHours(-5));
        var next =
                driver.submit(new AppendChange(RepositoryScene.change("app#2", RepositoryScene.images("web", "v2"))));
        assertThat(driver.round()).as("the next look").isAfter(clock.instant());
        assertThat(RepositoryScene.queue(driver)).hasSize(2);

        clock.turn(Duration.ofDays(400));
        driver.round();
        assertThat(driver.status(red.join().id()).orElseThrow().cause()).contains("red");
        assertThat(RepositoryScene.queue(driver))
                .extracting(ChangeStatus::id)
                .containsExactly(next.join().id());
    }
}
