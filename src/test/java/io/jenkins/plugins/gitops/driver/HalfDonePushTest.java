package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.driver.MemoryTransport.Move;
import io.jenkins.plugins.gitops.git.MemoryRepository;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that says that it pushes atomically, and moves the other refs of a push of which it refuses some. */
class HalfDonePushTest {

    /** As {@code GerritTest} has it refused. */
    private static final String WORDS = "prohibited by Gerrit: not permitted: update";

    private final MemoryScene scene = new MemoryScene();
    private final MemoryServer server = scene.server;
    private final Set<String> refused = new HashSet<>();
    private boolean letsNothingBeUndone;
    private Optional<String> movedOnByOthers = Optional.empty();
    private Driver driver;

    private final class Splitting implements MemoryTransport.Remote {
        @Override
        public MemoryRepository repository() {
            return server.repository();
        }

        @Override
        public Map<String, ObjectId> refs(boolean push) throws TransportException {
            movedOnByOthers
                    .filter(ref -> !server.refs().get(ref).equals(before.get(ref)))
                    .ifPresent(ref -> server.set(ref, before.get(SimulationLedger.AUTO)));
            return server.refs(push);
        }

        @Override
        public Map<String, String> update(Map<String, Move> moves) throws TransportException {
            String ref = moves.keySet().iterator().next();
            boolean denied =
                    refused.contains(ref) || letsNothingBeUndone && !refused.isEmpty() && isBack(moves.get(ref));
            return denied ? Map.of(ref, WORDS) : server.update(moves);
        }

        private boolean isBack(Move move) {
            return before.containsValue(move.to()) || move.to().equals(ObjectId.zeroId());
        }

        @Override
        public boolean isAtomic() {
            return false;
        }
    }

    private Map<String, ObjectId> before = Map.of();

    @BeforeEach
    void begin() throws Exception {
        driver = scene.driver("jenkins", new Splitting());
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private SubmittedChange announce(String order, String version) throws Exception {
        return scene.answer(
                driver, new AppendChange(RepositoryScene.change(order, RepositoryScene.images("api", version))));
    }

    private void green(SubmittedChange change) throws Exception {
        var status = new CheckStatus(RepositoryScene.CHECK, CheckState.SUCCESS, scene.clock.instant(), 1);
        driver.submit(new RecordReport(new CheckReport(change.sha(), status, "ci")));
        driver.round();
    }

    @Test
    void nothingIsToldAsMergedWhereMainWasRefused() throws Exception {
        SubmittedChange change = announce("app#1", "v1");
        before = server.refs();
        refused.add(SimulationLedger.MAIN);

        green(change);

        assertThat(server.refs()).containsAllEntriesOf(before);
        assertThat(driver.status(change.id()).orElseThrow().outcome()).isEmpty();
        assertThat(driver.status(change.id()).orElseThrow().reason())
                .contains("refuses to move main", WORDS, SimulationLedger.STATE, "put back", "not push atomically");

        refused.clear();
        scene.clock.turn(Duration.ofMinutes(11));
        driver.round();
        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        assertThat(scene.ref(SimulationLedger.MAIN).name()).isEqualTo(change.sha());
    }

    @Test
    void aBranchWhoseStateWasRefusedIsWhereItWas() throws Exception {
        SubmittedChange change = announce("app#1", "v1");
        before = server.refs();
        refused.add(SimulationLedger.AUTO_AS_PUSHED);

        assertThatThrownBy(() -> announce("app#2", "v2"))
                .isInstanceOf(RepoMisconfigured.class)
                .hasMessageContainingAll("refused to move", WORDS, SimulationLedger.AUTO, "put back");
        assertThat(server.refs()).isEqualTo(before);

        refused.clear();
        assertThat(announce("app#3", "v3").sha()).isNotEqualTo(change.sha());
    }

    @Test
    void whatCannotBePutBackIsNamedWithItsCommit() throws Exception {
        announce("app#1", "v1");
        before = server.refs();
        refused.add(SimulationLedger.AUTO_AS_PUSHED);
        letsNothingBeUndone = true;

        assertThatThrownBy(() -> announce("app#2", "v2"))
                .isInstanceOf(RepoMisconfigured.class)
                .hasMessageContainingAll(
                        "does not let that be undone",
                        "set " + SimulationLedger.AUTO + " to "
                                + before.get(SimulationLedger.AUTO).name());
    }

    @Test
    void whatSomebodyHasMovedOnStaysAndTheRestIsPutBack() throws Exception {
        SubmittedChange change = announce("app#1", "v1");
        before = server.refs();
        refused.add(SimulationLedger.MAIN);
        movedOnByOthers = Optional.of(SimulationLedger.STATE);

        assertThatThrownBy(() -> green(change))
                .isInstanceOf(RepoMisconfigured.class)
                .hasMessageContainingAll(
                        " moved " + SimulationLedger.STATE + ", although it refused " + SimulationLedger.MAIN,
                        "moved " + SimulationLedger.STATE + " on to " + change.sha(),
                        "left as it is")
                .hasMessageNotContaining("by hand");

        var expected = new HashMap<>(before);
        expected.put(SimulationLedger.STATE, ObjectId.fromString(change.sha()));
        assertThat(server.refs()).isEqualTo(expected);
    }
}
