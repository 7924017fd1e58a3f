package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.waves.GateAnswer;
import io.jenkins.plugins.gitops.waves.GateQuestion;
import io.jenkins.plugins.gitops.waves.GateRule;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A promotion that another system has to agree to. */
class QuestionGateTest extends MemoryDriverTestBase {

    private static final GateRule INCIDENTS = new GateRule(
            "incidents",
            "https://incidents.example.com/open",
            Optional.empty(),
            Optional.empty(),
            "/count",
            "0",
            Duration.ofMinutes(1));

    @Test
    void waitsForTheAnswer() throws Exception {
        var gated = new GatedScene(scene);
        var asked = new ArrayList<GateQuestion>();
        var answers = new ArrayList<GateAnswer>();
        gated.begin(Gates.NONE, Gates.builder().questions(List.of(INCIDENTS)).build());
        gated.driver.setGates(question -> {
            asked.add(question);
            return answers.stream().reduce((first, last) -> last);
        });
        String sha = gated.deploy("1");

        PromotionCondition condition = gated.condition("gate incidents");
        assertThat(condition.met()).isFalse();
        assertThat(condition.seen()).isEqualTo("incidents is asked, and has not answered yet.");
        assertThat(condition.nextLook()).isEqualTo(scene.clock.instant().plusSeconds(60));
        assertThat(asked)
                .allSatisfy(question -> assertThat(question.facts())
                        .containsEntry("wave", "production")
                        .containsEntry("revision", sha)
                        .containsEntry("repo", "cfg-app"));

        answers.add(new GateAnswer(
                false, "says \"2\" at /count.", scene.clock.instant().plusSeconds(60)));
        condition = gated.condition("gate incidents");
        assertThat(condition.seen()).isEqualTo("incidents says \"2\" at /count.");
        assertThat(condition.nextLook()).isEqualTo(scene.clock.instant().plusSeconds(60));
        assertThat(gated.promote().submitted()).isEmpty();

        answers.add(new GateAnswer(
                true, "says \"0\" at /count.", scene.clock.instant().plusSeconds(60)));
        assertThat(gated.promote().submitted()).isPresent();
    }

    @Test
    void isForPromotionsAndOnceOfAName() {
        Wave first = Wave.named("staging")
                .gates(Gates.builder().questions(List.of(INCIDENTS)).build())
                .build();
        Wave twice = Wave.named("production")
                .promotesFrom("staging")
                .gates(Gates.builder().questions(List.of(INCIDENTS, INCIDENTS)).build())
                .build();

        assertThatThrownBy(() -> scene.settings(List.of(first)))
                .hasMessageContaining("gates of the wave staging are for");
        assertThatThrownBy(() -> scene.settings(List.of(Wave.named("staging").build(), twice)))
                .hasMessageContaining("have the name incidents twice");
    }
}
