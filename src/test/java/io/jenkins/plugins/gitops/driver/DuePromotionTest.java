package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.DuePromotion;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.waves.Wave;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a job could be started for. */
class DuePromotionTest {

    private static final Wave STAGING = Wave.named("staging")
            .targets(new TargetSelection(DeployedApplications.SERVER, List.of("staging-1"), ""))
            .build();
    private static final Wave INTERNAL =
            Wave.named("internal").promotesFrom("staging").build();
    private static final Wave CANARY =
            Wave.named("canary").promotesFrom("staging").build();

    private static List<DuePromotion> due(Driver driver, String to) throws Exception {
        driver.round();
        return DuePromotion.in(driver.state().orElseThrow(), "staging", to);
    }

    @Test
    void isDueFromTheRolloutUntilSomebodyDoesIt() throws Exception {
        try (RepositoryScene scene = RepositoryScene.inMemory()) {
            Driver driver = scene.driver("jenkins", scene.settings(List.of(STAGING, INTERNAL, CANARY)));
            SubmittedChange change = scene.announce(driver, "app#1", "shop", "1", "cart", "1");
            scene.report(driver, change.sha(), CheckState.SUCCESS);
            assertThat(due(driver, "internal")).isEmpty();

            scene.applications.run(scene.main(), "staging-1");

            DuePromotion due = due(driver, "internal").get(0);
            assertThat(due.services()).isEqualTo("cart, shop");
            assertThat(due.why()).contains("staging runs " + scene.main().substring(0, 10), "nobody holds internal");
            assertThat(due(driver, "internal")).containsExactly(due);
            assertThat(DuePromotion.in(driver.state().orElseThrow(), "internal", "internal"))
                    .as("no such way")
                    .isEmpty();

            PromotionResult promoted = scene.answer(
                    driver,
                    new Promote(PromotionRequest.of(PromotionRequest.Kind.PROMOTE, STAGING.name(), INTERNAL.name())
                            .build()));
            assertThat(due(driver, "internal")).as("it is under way").isEmpty();
            assertThat(due(driver, "canary"))
                    .as("one wave may feed several")
                    .singleElement()
                    .satisfies(other -> assertThat(other.key()).isNotEqualTo(due.key()));
            scene.report(driver, promoted.submitted().orElseThrow().sha(), CheckState.SUCCESS);
            assertThat(due(driver, "internal")).as("it is done").isEmpty();
        }
    }
}
