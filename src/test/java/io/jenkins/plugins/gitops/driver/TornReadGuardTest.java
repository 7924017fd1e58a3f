package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;

/** Only two looks in a row confirm each other. */
class TornReadGuardTest {

    private static final RefNames NAMES = new RefNames("main", "auto", RefNames.defaultState("main"));

    private final TornReadGuard guard = new TornReadGuard();

    private static RefSnapshot snapshot(String digit) {
        return new RefSnapshot(NAMES, Map.of(NAMES.main(), ObjectId.fromString(digit.repeat(40))));
    }

    private boolean look(String digit) {
        guard.beginLook();
        return guard.recordAndConfirm(snapshot(digit));
    }

    @Test
    void theNextLookConfirmsWhatIsThereAgain() {
        assertThat(look("a")).isFalse();
        assertThat(look("a")).isTrue();
        assertThat(look("a")).isTrue();
    }

    @Test
    void anotherSurpriseConfirmsNothing() {
        assertThat(look("a")).isFalse();
        assertThat(look("b")).isFalse();
        assertThat(look("a")).isFalse();
    }

    @Test
    void aSurpriseFromBeforeALookWithoutOneIsForgotten() {
        assertThat(look("a")).isFalse();
        guard.beginLook();
        assertThat(look("a")).isFalse();
    }

    @Test
    void oneLookDoesNotConfirmItself() {
        assertThat(look("a")).isFalse();
        assertThat(guard.recordAndConfirm(snapshot("a"))).isFalse();
    }
}
