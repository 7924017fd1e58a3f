package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Whatever Argo CD says, now or in a later version, only its own words for success mean success. */
class UnknownWordsTest {

    private static final String REPO = "https://git.example.com/acme/cfg-app.git";
    private static final String SHA = "1".repeat(40);
    private static final Instant FINISHED = Instant.parse("2026-11-24T10:00:00Z");

    private static final class OneCommit implements RolloutJudge.CommitHistory {
        @Override
        public boolean has(String sha) {
            return sha.equals(SHA);
        }

        @Override
        public boolean contains(String descendant, String ancestor) {
            return descendant.equals(ancestor);
        }

        @Override
        public ImageSet images(String sha) {
            return ImageSet.EMPTY;
        }
    }

    @Provide
    Arbitrary<String> words() {
        Arbitrary<String> known = Arbitraries.of(
                "Synced",
                "OutOfSync",
                "Unknown",
                "Healthy",
                "Progressing",
                "Suspended",
                "Degraded",
                "Missing",
                "Running",
                "Terminating",
                "Failed",
                "Error",
                "Succeeded",
                "Hydrated",
                "Hydrating",
                "");
        Arbitrary<String> alike = known.flatMap(word -> Arbitraries.of(
                word.toLowerCase(), word.toUpperCase(), word + " ", " " + word, word + "WithWarnings", "Not" + word));
        return Arbitraries.frequencyOf(
                Tuple.of(5, known),
                Tuple.of(3, alike),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(12)));
    }

    @Provide
    Arbitrary<String> conditions() {
        return Arbitraries.of(
                "",
                "ComparisonError",
                "InvalidSpecError",
                "DeletionError",
                "UnknownError",
                "SomeNewError",
                "SyncError",
                "OrphanedResourceWarning",
                "SharedResourceWarning",
                "SomethingElse");
    }

    @Property(tries = 5000)
    void onlyItsOwnWordsForSuccessMeanSuccess(
            @ForAll("words") String sync,
            @ForAll("words") String health,
            @ForAll("words") String phase,
            @ForAll("conditions") String condition,
            @ForAll @IntRange(min = -1, max = 1) int reconciledAfter,
            @ForAll boolean requested,
            @ForAll boolean deleting,
            @ForAll boolean skipped)
            throws IOException {
        State state = judged(application(
                sync, health, phase, condition, FINISHED.plusSeconds(reconciledAfter), requested, deleting, skipped));

        boolean success = sync.equals("Synced")
                && health.equals("Healthy")
                && phase.equals("Succeeded")
                && (!condition.endsWith("Error") || condition.equals("SyncError"))
                && reconciledAfter > 0
                && !requested
                && !deleting
                && !skipped;
        assertThat(state == State.DEPLOYED).isEqualTo(success);
    }

    private static ObjectNode application(
            String sync,
            String health,
            String phase,
            String condition,
            Instant reconciled,
            boolean requested,
            boolean deleting,
            boolean skipped) {
        ObjectNode root = Json.object();
        ObjectNode metadata = root.putObject("metadata").put("name", "web").put("namespace", "argocd");
        if (deleting) {
            metadata.put("deletionTimestamp", FINISHED.toString());
        }
        if (skipped) {
            metadata.putObject("annotations").put("argocd.argoproj.io/skip-reconcile", "true");
        }
        root.putObject("spec").putObject("source").put("repoURL", REPO).put("targetRevision", "main");
        if (requested) {
            root.putObject("operation");
        }
        ObjectNode status = root.putObject("status").put("reconciledAt", reconciled.toString());
        status.putObject("sync").put("status", sync).put("revision", SHA);
        status.putObject("health").put("status", health);
        ObjectNode operation =
                status.putObject("operationState").put("phase", phase).put("finishedAt", FINISHED.toString());
        operation.putObject("syncResult").put("revision", SHA);
        if (!condition.isEmpty()) {
            status.putArray("conditions").addObject().put("type", condition);
        }
        return root;
    }

    private static State judged(ObjectNode json) throws IOException {
        Application application = ApplicationJson.read(json).application();
        var snapshot = new ServerSnapshot(Map.of(application.id(), application), true, Optional.empty());
        return new RolloutJudge(
                        new TargetSelection("main", List.of("web"), ""),
                        new RolloutJudge.ConfigRepository(REPO, "main"),
                        snapshot,
                        new OneCommit(),
                        RolloutRequirement.ALL)
                .judge(Optional.of(SHA))
                .targets()
                .get(0)
                .state();
    }
}
