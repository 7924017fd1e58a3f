package io.jenkins.plugins.gitops.waves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaveFileTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static DeployedSet set(int number) {
        return new DeployedSet("identity " + number, "%040x".formatted(number), NOON.plusSeconds(number));
    }

    private static WaveState read(String json) {
        return WaveState.read(Optional.of(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatAWaveRanBecomesPastWhenAnotherSetTakesItsPlace() {
        String json = new WaveFile(Optional.empty())
                .deployed(set(1))
                .deployed(set(2))
                .deployed(new DeployedSet("identity 2", "%040x".formatted(9), NOON.plusSeconds(5)))
                .deployed(set(7))
                .json();

        WaveState state = read(json);
        assertThat(state.deployed()).contains(set(7));
        assertThat(state.earlier())
                .extracting(past -> past.set().identity(), PastDeployment::until)
                .containsExactly(
                        tuple("identity 2", NOON.plusSeconds(7)),
                        tuple("identity 1", NOON.plusSeconds(2)));
    }

    @Test
    void onlyTheNewestPastDeploymentsAreKept() {
        var file = new WaveFile(Optional.empty());
        for (int number = 0; number < 200; number++) {
            file.deployed(set(number));
        }

        assertThat(read(file.json()).earlier()).hasSize(50).first().extracting(PastDeployment::set).isEqualTo(set(198));
    }

    @Test
    void aPastDeploymentWithoutItsTimesIsLeftOut() {
        assertThat(read("{\"earlier\": [{\"identity\": \"a\"}, 7, {\"since\": \"never\"}]}").earlier())
                .isEmpty();
    }
}
