package io.jenkins.plugins.gitops.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.build.RolloutEntry;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeadTimesTest {

    private static final String ID = "0123456789abcdefghij";
    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    private static ChangeEntry change(long since) {
        return ChangeEntry.submitted(
                "cfg-app",
                WavePath.of("staging"),
                new SubmittedChange(SubmittedChange.State.COMMITTED, ID, SHA),
                since);
    }

    private static ChangeStatus merged() {
        return ChangeStatus.of(ID, SHA, "chore: update", "", Instant.EPOCH)
                .with(new ChangeStatus.End(Outcome.MERGED, Optional.empty(), Optional.of(SHA)));
    }

    private static RolloutEntry deployed(String wave, long at) {
        var target = new TargetState(
                new ApplicationId("argocd", "t0"),
                "main",
                TargetState.State.DEPLOYED,
                TargetState.ReportedStatus.of("Synced", "Healthy", SHA),
                "so it is.");
        var rollout = new Rollout(Optional.empty(), List.of(target), Optional.of(SHA), false);
        return new RolloutEntry("cfg-app", WavePath.of(wave), EntryState.DEPLOYED, rollout, 1, at);
    }

    @Test
    void measuresFromTheCommitToEachWave() throws IOException {
        DeliveryAction delivery = new DeliveryAction();
        delivery.record(change(10_000));
        delivery.updateChange("cfg-app", merged(), 20_000);
        delivery.updateRollout(deployed("staging", 30_000));
        delivery.updateRollout(deployed("production", 70_000));
        LeadTimes times = new LeadTimes();
        times.add("#2", 2, delivery);
        DeliveryAction unchanged = new DeliveryAction();
        unchanged.record(ChangeEntry.submitted(
                "cfg-app",
                WavePath.of("staging"),
                new SubmittedChange(SubmittedChange.State.UNCHANGED, "", SHA),
                10_000));
        unchanged.updateRollout(deployed("staging", 30_000));
        times.add("#1", 1, unchanged);

        String json = times.toJson(Instant.ofEpochMilli(100_000), ZoneOffset.UTC);

        assertThat(times.getBuilds())
                .extracting(LeadTimes.BuildLeadTimes::getName)
                .containsExactly("#2");
        assertThat(json.replaceAll("\\s", ""))
                .contains("\"waves\":[\"staging\",\"production\"]")
                .contains("{\"name\":\"#2\",\"seconds\":{\"staging\":20,\"production\":60}}")
                .contains("{\"day\":\"1970-01-01\",\"deployments\":{\"production\":1,\"staging\":1}}")
                .contains("\"day\":\"1969-12-03\"")
                .doesNotContain("\"day\":\"1969-12-02\"");
    }
}
