package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.model.Result;
import io.jenkins.plugins.gitops.pages.DeliveryAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("bench")
class RecordImageStepTest {

    private static final Map<String, Object> SERVICE_1 = Map.of(
            "service", "Service1",
            "image", "docker.example.com/service1",
            "tag", "7d10434",
            "digest", BenchRepository.DIGEST);

    @RegisterExtension
    private final StepBench bench = new StepBench();

    @TempDir
    private Path workspace;

    @Test
    void recordsAndReturnsFullReferences() throws Exception {
        bench.with("GIT_COMMIT", "7d1043473d55bfa90e8530d35801d4e381bc69f0");
        BenchRun run = bench.build("app");

        assertThat(bench.start(run, "recordImage", SERVICE_1).result())
                .isEqualTo(Map.of(
                        "service",
                        "Service1",
                        "Tag",
                        "docker.example.com/service1:7d10434",
                        "Digest",
                        "docker.example.com/service1@" + BenchRepository.DIGEST,
                        "changed",
                        true));
        assertThat(bench.reload(run).getAction(DeliveryAction.class).getImages())
                .singleElement()
                .satisfies(image -> assertThat(image.getAppSha()).startsWith("7d1043473d"));
    }

    @Test
    void marksAnImageThatTheLastSuccessfulBuildHad() throws Exception {
        BenchRun first = bench.build("app");
        bench.run(first, "recordImage", SERVICE_1);
        first.end(Result.SUCCESS);
        BenchRun failed = bench.build("app");
        bench.run(
                failed,
                "recordImage",
                Map.of(
                        "service", "Service1",
                        "image", "docker.example.com/service1",
                        "tag", "8",
                        "digest", BenchRepository.OTHER_DIGEST));
        failed.end(Result.FAILURE);

        assertThat(bench.start(bench.build("app"), "recordImage", SERVICE_1).result())
                .containsEntry("changed", false);
    }

    @Test
    void readsTheDigestFromBuildKitsMetadata() throws Exception {
        Files.writeString(
                workspace.resolve("metadata.json"), "{\"containerimage.digest\": \"" + BenchRepository.DIGEST + "\"}");
        bench.in(workspace.toFile());

        assertThat(bench.start(
                                bench.build("app"),
                                "recordImage",
                                Map.of(
                                        "service", "Service1",
                                        "image", "docker.example.com/service1",
                                        "tag", "1",
                                        "metadataFile", "metadata.json"))
                        .result())
                .containsEntry("Digest", "docker.example.com/service1@" + BenchRepository.DIGEST);
    }

    @Test
    void refusesWhatIsMissingOrDoesNotAgree() throws Exception {
        Files.writeString(
                workspace.resolve("metadata.json"), "{\"containerimage.digest\": \"" + BenchRepository.DIGEST + "\"}");
        Map<String, Object> contradicting = Map.of(
                "service", "Service1",
                "image", "docker.example.com/service1",
                "tag", "1",
                "digest", BenchRepository.OTHER_DIGEST,
                "metadataFile", "metadata.json");

        assertRefused(Map.of(), "service");
        assertRefused(Map.of("service", "../x", "image", "a/b", "tag", "1", "digest", BenchRepository.DIGEST), "../x");
        assertRefused(Map.of("service", "Service1", "image", "docker.example.com/service1", "tag", "1"), "Service1");
        assertRefused(contradicting, "metadataFile", "node");
        bench.in(workspace.toFile());
        assertRefused(contradicting, "two digests", BenchRepository.DIGEST, BenchRepository.OTHER_DIGEST);
        assertRefused(
                Map.of("service", "Service1", "image", "a/b", "tag", "1", "metadataFile", "absent.json"),
                "absent.json");
    }

    private void assertRefused(Map<String, Object> arguments, String... words) {
        assertThatThrownBy(() -> bench.run(bench.build("app"), "recordImage", arguments))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words);
    }
}
