package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of the state in the long run, and where it may lie. */
class StateUpkeepTest extends DriverTestBase {

    private static final String EVICTED = "refs/gitops-waves/main/evicted/";

    private SubmittedChange evicted(Driver driver, String order, String version) throws Exception {
        scene.report(driver, scene.main(), CheckState.SUCCESS);
        SubmittedChange change = scene.announce(driver, order, "api", version);
        scene.report(driver, change.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofSeconds(61));
        driver.round();
        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.EVICTED);
        return change;
    }

    @Test
    void anEvictedCommitStaysReachableFor30Days() throws Exception {
        Driver driver = scene.driver("jenkins");
        SubmittedChange first = evicted(driver, "app#1", "bad");
        scene.clock.turn(Duration.ofDays(29));
        driver.round();
        SubmittedChange second = evicted(driver, "app#2", "worse");
        assertThat(scene.refExists(EVICTED + first.id())).isTrue();

        scene.clock.turn(Duration.ofDays(2));
        driver.round();
        assertThat(scene.refExists(EVICTED + first.id())).isFalse();
        assertThat(scene.refExists(EVICTED + second.id())).isTrue();
        assertThat(driver.status(first.id()).orElseThrow().outcome())
                .as("what became of it is known for longer")
                .contains(Outcome.EVICTED);
    }

    @Test
    void anEvictedCommitThatWasMadeByHandGoesToo() throws Exception {
        Driver driver = scene.driver("jenkins");
        scene.report(driver, scene.main(), CheckState.SUCCESS);
        String byHand = scene.byHand("auto", "notes.md", "bad", "By hand");
        driver.round();
        scene.report(driver, byHand, CheckState.FAILURE);
        scene.clock.turn(Duration.ofSeconds(61));
        driver.round();
        assertThat(scene.git("for-each-ref", "--format=%(objectname)", EVICTED)).isEqualTo(byHand);

        scene.clock.turn(Duration.ofDays(31));
        driver.round();
        assertThat(scene.git("for-each-ref", EVICTED)).isEmpty();
    }

    @Test
    void anEvictedCommitGoesAlsoWhereItsEndIsNoLongerInTheState() throws Exception {
        Driver driver = scene.driver("jenkins");
        SubmittedChange first = evicted(driver, "app#1", "bad");
        scene.clock.turn(Duration.ofDays(100));
        Driver afterLong = scene.driver("jenkins");
        SubmittedChange second = evicted(afterLong, "app#2", "worse");
        assertThat(afterLong.status(first.id())).isEmpty();

        scene.clock.turn(Duration.ofHours(2));
        afterLong.round();

        assertThat(scene.refExists(EVICTED + first.id())).isFalse();
        assertThat(scene.refExists(EVICTED + second.id())).isTrue();
    }

    @Test
    void aChangeThatComesBackAfterItsEndWasLostIsEvictedAgain() throws Exception {
        Driver driver = scene.driver("jenkins");
        SubmittedChange first = evicted(driver, "app#1", "bad");
        scene.delete(RefNames.defaultState("main"));
        scene.move("refs/heads/auto", first.sha());
        driver.round();
        scene.report(driver, scene.auto(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofSeconds(61));
        driver.round();
        assertThat(driver.status(first.id()).orElseThrow().outcome()).contains(Outcome.EVICTED);
    }

    @Test
    void aRefOfWhichNothingIsKnownStays() throws Exception {
        Driver driver = scene.driver("jenkins");
        driver.round();
        scene.git("update-ref", EVICTED + "somebodys", "main");
        scene.clock.turn(Duration.ofDays(400));
        driver.round();
        assertThat(scene.refExists(EVICTED + "somebodys")).isTrue();
    }

    @Test
    void theStateMayBeABranchThatForgesProtectFromBeingRewritten() throws Exception {
        Path hook = scene.remote.resolve("hooks").resolve("update");
        Files.writeString(hook, """
                #!/bin/sh
                [ "$1" != refs/heads/gitops-state ] || [ -z "${2##*0000000000*}" ] || git merge-base --is-ancestor $2 $3
                """);
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        Driver driver = scene.driver("jenkins", scene.settingsWithState("refs/heads/gitops-state"));
        SubmittedChange red = evicted(driver, "app#1", "bad");
        SubmittedChange green = scene.announce(driver, "app#2", "api", "v2");
        scene.report(driver, green.sha(), CheckState.SUCCESS);

        assertThat(scene.main()).isEqualTo(green.sha());
        assertThat(scene.git("ls-tree", "-r", "--name-only", "gitops-state").lines())
                .anyMatch(file -> file.endsWith(red.id() + ".json"))
                .anyMatch(file -> file.endsWith(green.id() + ".json"));
        assertThat(scene.refExists("refs/gitops-waves/main/state")).isFalse();
    }

    @Test
    void howeverManyHavePiledUpTheyGoInTheFollowingRounds() throws Exception {
        Driver driver = scene.driver("jenkins");
        driver.round();
        String updates = IntStream.range(0, 250)
                .mapToObj(i -> "create " + EVICTED + "commit" + i + "-1000000000 " + scene.main() + "\n")
                .collect(Collectors.joining());
        GitCli.run(Map.of(), updates, scene.remote, "update-ref", "--stdin");
        scene.clock.turn(Duration.ofHours(2));
        for (int round = 0; round < 3; round++) {
            driver.round();
        }
        assertThat(scene.git("for-each-ref", EVICTED)).isEmpty();
    }
}
