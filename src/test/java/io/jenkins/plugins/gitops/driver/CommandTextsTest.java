package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever characters people use, a command is written once, read back as it was written, and answered. */
class CommandTextsTest extends DriverTestBase {

    private static final String STATE = "refs/gitops-waves/main/state";
    private static final String LINES = "over\r\nBy: two lines";

    private Driver driver;
    private SubmittedChange merged;

    private void begin(String approver) throws GitOpsException {
        var load = new VerificationRule(
                "load", Optional.empty(), Duration.ofMinutes(5), 0, VerificationRule.OnFailure.NONE);
        driver = scene.driver(
                "jenkins",
                scene.settings(List.of(
                        Wave.named("staging")
                                .gates(Gates.builder()
                                        .verifications(List.of(load))
                                        .build())
                                .build(),
                        Wave.named("production")
                                .promotesFrom("staging")
                                .gates(Gates.builder()
                                        .approvals(new ApprovalRule(1, List.of(approver), false))
                                        .build())
                                .build())));
        driver.round();
        merged = scene.announce(driver, "app#1", "shop", "1");
        scene.report(driver, merged.sha(), CheckState.SUCCESS);
    }

    private void write(StateCommand command) throws GitOpsException {
        String before = scene.git("rev-parse", STATE);
        assertThat(scene.answer(driver, new ApplyStateCommand(command)).written())
                .isTrue();
        assertThat(scene.git("rev-list", "--count", before + ".." + STATE)).isEqualTo("1");
        assertThat(scene.git("log", "-1", "--format=%B", STATE).lines())
                .filteredOn(line -> line.startsWith("By: "))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two  blanks", LINES, "\0nothing", "half\ud800a pair", "\u2028line\u202e", "\ud83d\ude00"})
    void eachIsWrittenOnceAndHasOneLineForWhoGaveIt(String text) throws Exception {
        begin("the " + text);
        Instant now = scene.clock.instant();
        String who = "job " + text;
        write(new StateCommand.HoldWave("staging", new Hold(who, text, now, Optional.empty())));
        write(new StateCommand.ReleaseWave("staging", Optional.of(text), who));
        List<String> digests = List.of(RepositoryScene.digest("bad"));
        write(new StateCommand.RejectImages(digests, text, who, now));
        write(new StateCommand.AcceptImages(digests, text, who, now));
        WavePath production = WavePath.of("production");
        write(new StateCommand.ApproveSet(production, merged.sha(), Optional.empty(), who, "the " + text, text, now));
        write(new StateCommand.WithdrawApproval(production, merged.sha(), Optional.empty(), who));
        write(new StateCommand.ReportVerification(
                WavePath.of("staging"), "load", Optional.empty(), false, who, text, "", now));
    }

    @Test
    void anApprovalThatAnotherProgramWroteIsTakenBackByWhoeverIsNamed() throws Exception {
        begin("");
        ImageSet set = RepositoryScene.images("shop", "1");
        putApproval(set.identity(), "Ada  L");

        write(new StateCommand.WithdrawApproval(WavePath.of("production"), merged.sha(), Optional.empty(), "Ada  L"));

        assertThat(scene.git("show", STATE + ":waves/production.json")).doesNotContain("Ada");
    }

    private void putApproval(String identity, String by) throws IOException {
        String approval = "{\"approvals\": [{\"identity\": \"" + identity + "\", \"by\": \"" + by
                + "\", \"at\": \"2026-11-01T00:00:00Z\"}]}";
        StateFiles.put(scene, STATE, Map.of("waves/production.json", approval));
    }

    @Test
    void aRejectionInWhosePlaceIsAFolderIsTakenBackAtOnce() throws Exception {
        begin("");
        String digest = RepositoryScene.digest("bad");
        String file = digest.substring("sha256:".length()) + ".json";
        StateFiles.put(
                scene, STATE, Map.of("rejected/2026-11-23/" + file + "/x", "y", "rejected/2026-11-22/" + file, "{}"));

        write(new StateCommand.AcceptImages(List.of(digest), "it was fine", "Ada", scene.clock.instant()));

        assertThat(scene.git("ls-tree", "-r", "--name-only", STATE)).doesNotContain(file);
    }
}
